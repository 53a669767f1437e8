#!/bin/sh
# Builds the testee that `framewright generate typescript … -o DIR --with testee` wrote into DIR: leaves DIR/testee.
#   conformance/codecs/typescript/build.sh DIR
set -eu
here=$(cd "$(dirname "$0")" && pwd)
tools=$("$here/install.sh")
cd "$1"
strict='"strict": true, "noUnusedLocals": true, "noUnusedParameters": true, "noImplicitReturns": true,
    "noUncheckedIndexedAccess": true, "noFallthroughCasesInSwitch": true, "noImplicitOverride": true,
    "exactOptionalPropertyTypes": true, "allowUnreachableCode": true, "isolatedModules": true,
    "target": "ES2022", "module": "ESNext", "moduleResolution": "Bundler"'
cat >tsconfig.json <<JSON
{
  "compilerOptions": {
    $strict,
    "lib": ["ES2022"], "types": ["node"], "typeRoots": ["$tools/node_modules/@types"], "rootDir": ".", "outDir": "build"
  },
  "include": ["*.ts"]
}
JSON
# The codecs alone, with a browser's library instead of Node's.
cat >tsconfig.browser.json <<JSON
{
  "compilerOptions": { $strict, "lib": ["ES2022", "DOM"], "types": [], "noEmit": true },
  "include": ["*.ts"],
  "exclude": ["testee.ts"]
}
JSON
"$tools/node_modules/.bin/tsc" -p tsconfig.json
"$tools/node_modules/.bin/tsc" -p tsconfig.browser.json
echo '{"type": "module"}' >build/package.json
node --experimental-vm-modules --no-warnings "$here/bare.mjs" build

# The page's code, as one program.
if [ -e session-record.ts ]; then
    mkdir -p page
    cp session-record.ts page/
    sed -n '/^```ts$/,/^```$/{/^```/!p}' "$here/../../../docs/codecs/typescript.md" >page/page.ts
    cat >page/tsconfig.json <<JSON
{
  "compilerOptions": {
    $strict,
    "lib": ["ES2022"], "types": ["node"], "typeRoots": ["$tools/node_modules/@types"], "rootDir": ".", "outDir": "build"
  }
}
JSON
    "$tools/node_modules/.bin/tsc" -p page/tsconfig.json
    echo '{"type": "module"}' >page/build/package.json
    printed=$(node page/build/page.js)
    [ "$printed" = "out-of-range
7n {}" ] || { echo "docs/codecs/typescript.md prints: $printed" >&2; exit 1; }
fi

# How long frames are good.
if [ -e record.ts ]; then
    mkdir -p lifetimes
    cp record.ts "$here/lifetimes.ts" lifetimes/
    cat >lifetimes/tsconfig.json <<JSON
{
  "compilerOptions": {
    $strict,
    "lib": ["ES2022"], "types": ["node"], "typeRoots": ["$tools/node_modules/@types"], "rootDir": ".", "outDir": "build"
  }
}
JSON
    "$tools/node_modules/.bin/tsc" -p lifetimes/tsconfig.json
    echo '{"type": "module"}' >lifetimes/build/package.json
    node lifetimes/build/lifetimes.js >&2
fi

cat >testee <<'SH'
#!/bin/sh
exec node "$(dirname "$0")/build/testee.js"
SH
chmod +x testee
