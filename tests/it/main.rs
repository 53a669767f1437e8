mod interp;
