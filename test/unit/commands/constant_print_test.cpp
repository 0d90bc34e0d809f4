// What inline code prints, where it is constant.
#include "libcore/commands/constant_print.hpp"

#include <doctest/doctest.h>

using cmdai::commands::CodeStyle;
using cmdai::commands::constant_print;

namespace {
struct PrintCase {
  CodeStyle style;
  std::string_view code;
  const char* printed;  ///< nullptr: not known
};
}  // namespace

TEST_CASE("texts, put together") {
  for (const PrintCase& c : {
           PrintCase{CodeStyle::python, "print('a')", "a\n"},
           {CodeStyle::python, "print('a', \"b\")", "a b\n"},
           {CodeStyle::python, "import sys; print('a' + 'b' * 2, end='')", "abb"},
           {CodeStyle::python, "import sys\nsys.stdout.write('a')\nprint(chr(98))", "ab\n"},
           {CodeStyle::python, "print(r'a\\n')", "a\\n\n"},
           {CodeStyle::python, "print('ab'[::-1])", "ba\n"},
           {CodeStyle::python, "import base64; print(base64.b64decode('cm0=').decode())", "rm\n"},
           {CodeStyle::python, "print(bytes.fromhex('726d').decode())", "rm\n"},
           {CodeStyle::python, "print((('a')))", "a\n"},
           {CodeStyle::perl, "print 'a' . \"b\", 'c'", "abc"},
           {CodeStyle::perl, "print 'a' ^ 'B'", "#"},
           {CodeStyle::perl, "print '\\'' ^ '\\\\'", "{"},
           {CodeStyle::perl, "print 'a' x 3; print(\"\\n\")", "aaa\n"},
           {CodeStyle::perl, "print scalar reverse('ba')", "ab"},
           {CodeStyle::perl, "use MIME::Base64; print decode_base64('cm0=')", "rm"},
           {CodeStyle::ruby, "puts 'a' + 'b'.reverse", "ab\n"},
           {CodeStyle::ruby, "puts 'a', 'b'", "a\nb\n"},
           {CodeStyle::php, "echo 'a' . chr(98);", "ab"},
           {CodeStyle::php, "echo base64_decode('cm0=');", "rm"},
           {CodeStyle::javascript, "console.log('a' + String.fromCharCode(98, 0x63))", "abc\n"},
           {CodeStyle::javascript, "process.stdout.write(atob('cm0='))", "rm"},
           {CodeStyle::awk, "BEGIN { print \"a\" \"b\", \"c\" }", "ab c\n"},
           {CodeStyle::lua, "io.write('a' .. string.char(98))", "ab"},
       }) {
    CAPTURE(c.code);
    const auto printed = constant_print(c.code, c.style);
    REQUIRE(printed);
    CHECK(*printed == c.printed);
  }
}

TEST_CASE("what is not constant is not guessed") {
  for (const PrintCase& c : {
           PrintCase{CodeStyle::python, "", nullptr},
           {CodeStyle::python, "import os", nullptr},
           {CodeStyle::python, "print(x)", nullptr},
           {CodeStyle::python, "print(f'{x}')", nullptr},
           {CodeStyle::python, "print('a'.upper())", nullptr},
           {CodeStyle::python, "print('a'", nullptr},
           {CodeStyle::python, "print('a') if x else print('b')", nullptr},
           {CodeStyle::python, "x = 1; print('a')", nullptr},
           {CodeStyle::python, "print('a' * 99999999)", nullptr},
           {CodeStyle::python, "print(chr(x))", nullptr},
           {CodeStyle::python, "print('''a''')", nullptr},
           {CodeStyle::perl, "print \"$x\"", nullptr},
           {CodeStyle::perl, "print \"@x\"", nullptr},
           {CodeStyle::perl, "print 'a' if $x", nullptr},
           {CodeStyle::perl, "print STDERR 'a'", nullptr},
           {CodeStyle::ruby, "puts \"#{x}\"", nullptr},
           {CodeStyle::javascript, "console.log(`a`)", nullptr},
           {CodeStyle::awk, "{ print $1 }", nullptr},
           {CodeStyle::awk, "BEGIN { print \"a\" > \"f\" }", nullptr},
           {CodeStyle::elixir, "IO.puts \"a\"", nullptr},
       }) {
    CAPTURE(c.code);
    CHECK_FALSE(constant_print(c.code, c.style));
  }
}

TEST_CASE("nothing takes it out of its depth") {
  std::string deep = "print(";
  for (int i = 0; i < 5000; ++i) deep += '(';
  CHECK_FALSE(constant_print(deep, CodeStyle::python));
  std::string cut = "print('a' + chr(98) + base64.b64decode('cm0=').decode()[::-1] * 2, end='')";
  while (!cut.empty()) {
    cut.pop_back();
    constant_print(cut, CodeStyle::python);
    constant_print(cut, CodeStyle::perl);
  }
}
