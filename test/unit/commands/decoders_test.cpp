// Decoders: what comes out of them, and that bad input comes out as nothing.
#include "libcore/commands/decoders.hpp"

#include "test/unit/commands/effects_of.hpp"

using namespace cmdai::commands;
using cmdai::test::check_effects;

TEST_CASE("decoded text that is known is read, and stays suspicious") {
  check_effects({
      {"echo cm0gZg== | base64 -d | sh", "fs.delete{f}"},
      {"echo cm0gZg== | base64 --decode | sh", "fs.delete{f}"},
      {"echo cm0gZg== | base64 -di | sh", "fs.delete{f}"},
      {"base64 -d <<< cm0gZg== | sh", "fs.delete{f}"},
      {"echo 726d2066 | xxd -r -p | sh", "fs.delete{f}"},
      {"echo 726d2066 | xxd -rp | sh", "fs.delete{f}"},
      {"echo OJWSAZQ= | base32 -d | sh", "fs.delete{f}"},
      {"echo cm0gZg== | openssl base64 -d | sh", "fs.delete{f}"},
      {"echo cm0gZg== | openssl enc -base64 -d | sh", "fs.delete{f}"},
      {"$(echo cm0gZg== | base64 -d)", "fs.delete{f}"},
      {"base64 -d x | sh", "exec.decoded"},
      {"base64 -d x > y", "fs.overwrite{y}"},
      {"gzip -dc x.gz | sh", "exec.decoded"},
      {"zcat x.gz | sh", "exec.piped-file{x.gz}"},
      {"zcat x.gz | ssh host sh", "exec.file"},
      {"zcat x.gz | . /dev/stdin", "exec.file"},
      {"tar -xO f x.tar run.sh | sh", "exec.decoded"},
      {"tar xzOf x.tgz run.sh | bash", "exec.decoded"},
      {"tar --extract --to-stdout --file x.tar run.sh | sh", "exec.decoded"},
      {"unzip -p x.zip run.sh | sh", "exec.decoded"},
      {"7z x -so x.7z run.sh | sh", "exec.decoded"},
      {"tar -xOf x.tar notes.txt | less", ""},
      {"tar xzf x.tgz", ""},
  });
}

TEST_CASE("decoders refuse what is not in their alphabet") {
  CHECK(decode_base64("cm0gZg==") == "rm f");
  CHECK(decode_base64("cm0g\nZg==\n") == "rm f");
  CHECK_FALSE(decode_base64("c#0gZg=="));
  CHECK(decode_base32("OJWSAZQ=") == "rm f");
  CHECK_FALSE(decode_base32("0189"));
  CHECK(decode_hex("72 6d\n2066") == "rm f");
  CHECK_FALSE(decode_hex("7g"));
  CHECK(unescape("\\x72\\155\\n\\t\\\\") == "rm\n\t\\");
  CHECK(translate("abc", "a-c", "A-C", false) == "ABC");
  CHECK(translate("abc", "b", "", true) == "ac");
}
