module framewright.testees/go

go 1.22

require (
	github.com/go-netty/go-netty v1.6.8
	github.com/smallnest/goframe v1.0.0
)
