module bench

go 1.21

require codecs v0.0.0

replace codecs => ../../../conformance/codecs/go
