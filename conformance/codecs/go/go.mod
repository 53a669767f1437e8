module codecs

go 1.21
