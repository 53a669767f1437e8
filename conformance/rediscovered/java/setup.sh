#!/bin/sh
# Fetches each release with what it needs and compiles the adapter against it, into conformance/.installed/rediscovered/java.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
into=$here/../../.installed/rediscovered/java
rm -rf "$into"
release() { # release CLASS GROUP ARTIFACT VERSION
    folder=$into/$3-$4
    mkdir -p "$folder"
    cat >"$folder/pom.xml" <<XML
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>framewright</groupId>
  <artifactId>rediscovered</artifactId>
  <version>1</version>
  <dependencies><dependency><groupId>$2</groupId><artifactId>$3</artifactId><version>$4</version></dependency></dependencies>
</project>
XML
    mvn -q -B -ntp -f "$folder/pom.xml" org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies \
        -DoutputDirectory="$folder" >"$folder/mvn.log" 2>&1 || { cat "$folder/mvn.log" >&2; exit 1; }
    javac -cp "$folder/*" -d "$folder" "$here/Adapter.java" "$here/$1.java"
}
for version in 4.0.8.Final 4.0.9.Final 4.1.29.Final 4.1.30.Final; do release Netty io.netty netty-codec "$version"; done
for version in 1.0.1 1.0.2 1.1.5 1.1.7 2.0.0-M1 2.0.0-M2; do release Mina org.apache.mina mina-core "$version"; done
