// Frames, whole and in pieces, good and bad.
#include "daemon/ipc/frame.hpp"

#include <doctest/doctest.h>

using namespace cmdai::ipc;
using namespace std::string_literals;

namespace {

/// All frames in one line each: `type key=value key=value`, then `!error` if there is one.
std::string read(std::string_view bytes, size_t piece = 1U << 20U) {
  FrameReader reader;
  std::string out;
  for (size_t at = 0; at < bytes.size(); at += piece) {
    reader.feed(bytes.substr(at, piece));
    while (const auto frame = reader.next()) {
      out += frame->type;
      for (const auto& [key, value] : frame->fields) out += ' ' + key + '=' + value;
      out += ';';
    }
  }
  if (reader.error()) out += '!' + std::string(to_string(*reader.error()));
  return out;
}

}  // namespace

TEST_CASE("bytes become frames, however they are cut") {
  struct Row {
    std::string bytes, want;
  };
  const Row rows[] = {
      {"cmdai/1 status 0\n", "status;"},
      {"cmdai/1 check 19\ncmd=ls -l\0shell=sh\0"s, "check cmd=ls -l shell=sh;"},
      {"cmdai/1 check 18\ncmd=ls -l\0shell=sh"s,
       "check cmd=ls -l shell=sh;"},  // the final NUL may be missing
      {"cmdai/1 status 0\ncmdai/1 hello 9\nclient=x\0"s, "status;hello client=x;"},
      {"cmdai/1 check 5\ncmd=\0"s, "check cmd=;"},
      {"cmdai/1 check 8\ncmd=a=b\0"s, "check cmd=a=b;"},
      {"cmdai/1 check 8\ncmd=\n\xff\x01\0"s, "check cmd=\n\xff\x01;"},
      {"cmdai/1 check 12\ncmd=a\0cmd=b\0"s, "check cmd=a cmd=b;"},
      {"cmdai/1 check 8\nvar.A_b=\0"s.substr(0, 24), "check var.A_b=;"},
      {"cmdai/1 check 0005\ncmd=\0"s, "check cmd=;"},
      {"cmdai/1 check 40\ncmd=", ""},  // not yet
      {"cmdai/1 che", ""},
      {"cmdai/2 check 0\n", "!bad-frame"},
      {"GET / HTTP/1.1\r\n", "!bad-frame"},
      {"\n", "!bad-frame"},
      {"cmdai/1\n", "!bad-frame"},
      {"cmdai/1 \n", "!bad-frame"},
      {"cmdai/1 check\n", "!bad-frame"},
      {"cmdai/1 check \n", "!bad-frame"},
      {"cmdai/1 check x\n", "!bad-frame"},
      {"cmdai/1 check -1\n", "!bad-frame"},
      {"cmdai/1 check +1\n", "!bad-frame"},
      {"cmdai/1 check 1 \n", "!bad-frame"},
      {"cmdai/1  check 1\n", "!bad-frame"},
      {"cmdai/1 Check 0\n", "!bad-frame"},
      {"cmdai/1 abcdefghijklmnop 0\n", "abcdefghijklmnop;"},
      {"cmdai/1 abcdefghijklmnopq 0\n", "!bad-frame"},
      {"cmdai/1 check 262145\n", "!too-large"},
      {"cmdai/1 check 999999\n", "!too-large"},
      {"cmdai/1 check 99999999999999999999\n", "!bad-frame"},
      {"cmdai/1 check 3\ncmd", "!bad-frame"},
      {"cmdai/1 check 4\nCmd=", "!bad-frame"},
      {"cmdai/1 check 2\n=x", "!bad-frame"},
      {"cmdai/1 check 5\nc d=x", "!bad-frame"},
      {"cmdai/1 check 8\ncmd=a\0b\0"s, "!bad-frame"},  // a NUL in a value cannot be said
      {"cmdai/1 status 0\nrubbish", "status;!bad-frame"},
  };
  for (const Row& row : rows) {
    CAPTURE(row.bytes);
    CHECK(read(row.bytes) == row.want);
    for (const size_t piece : {1U, 2U, 7U}) CHECK(read(row.bytes, piece) == row.want);
  }
}

TEST_CASE("an endless header is refused before it fills the memory") {
  FrameReader reader;
  reader.feed("cmdai/1 " + std::string(100, 'a'));
  CHECK_FALSE(reader.next());
  CHECK(reader.error() == FrameError::bad_frame);
}

TEST_CASE("the largest body passes, one byte more is refused") {
  Frame frame("check");
  frame.add("cmd", std::string(kMaxBody - 5, 'x'));
  CHECK(fits(frame));
  CHECK(read(encode(frame)).size() == std::string("check cmd=;").size() + kMaxBody - 5);
  frame = Frame("check");
  frame.add("cmd", std::string(kMaxBody - 4, 'x'));
  CHECK_FALSE(fits(frame));
  CHECK(read(encode(frame)) == "!too-large");
}

TEST_CASE("after an error nothing more is read") {
  FrameReader reader;
  reader.feed("rubbish\n");
  CHECK_FALSE(reader.next());
  reader.feed("cmdai/1 status 0\n");
  CHECK_FALSE(reader.next());
  CHECK(reader.error());
}

TEST_CASE("a reader knows whether a frame is under way") {
  FrameReader reader;
  CHECK_FALSE(reader.in_frame());
  reader.feed("cmdai/1 hello 9\n");
  CHECK_FALSE(reader.next());
  CHECK(reader.in_frame());
  reader.feed("client=x"s + '\0');
  CHECK(reader.next());
  CHECK_FALSE(reader.in_frame());
}

TEST_CASE("of a repeated key the first counts, and a NUL cannot be smuggled in") {
  Frame frame("check");
  frame.add("cmd", "a").add("cmd", "b").add("x", "1\0y=2"s).add_if("empty", "");
  CHECK(frame.get("cmd") == "a");
  CHECK(frame.get("x") == "1y=2");
  CHECK(frame.find("empty") == nullptr);
  CHECK(frame.get("empty", "otherwise") == "otherwise");
  CHECK(read(encode(frame)) == "check cmd=a cmd=b x=1y=2;");
}
