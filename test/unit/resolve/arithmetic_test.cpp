#include "libcore/resolve/arithmetic.hpp"

#include <doctest/doctest.h>
#include <fmt/core.h>

#include <map>
#include <string>
#include <vector>

#include "test/unit/resolve/walk.hpp"

namespace cmdai::resolve {
namespace {

/// Names with values; what is assigned is written down: `x=1`, `x=?` where it is not known.
class Table : public ArithmeticNames {
 public:
  explicit Table(std::map<std::string, std::string, std::less<>> values) : values_(std::move(values)) {}
  std::optional<std::string> value(const ArithmeticPlace& place) override {
    const auto it = values_.find(key(place));
    return it == values_.end() ? std::nullopt : std::optional(it->second);
  }
  void assign(const ArithmeticPlace& place, Integer value) override {
    const std::string text = value ? std::to_string(*value) : "?";
    log += " " + key(place) + "=" + text;
    if (value)
      values_[key(place)] = text;
    else
      values_.erase(key(place));
  }
  std::string log;

 private:
  static std::string key(const ArithmeticPlace& place) {
    if (!place.indexed) return std::string(place.name);
    return fmt::format("{}[{}]", place.name, place.index ? std::to_string(*place.index) : "?");
  }
  std::map<std::string, std::string, std::less<>> values_;
};

/// The value, then what is assigned.
std::string reckon(std::string_view expression, std::string_view shell = "bash") {
  Table names({{"one", "1"}, {"six", "one+5"}, {"loop", "loop+1"}, {"a[0]", "7"}, {"a[1]", "8"}});
  uint64_t steps = 4096;
  const Integer value = evaluate(expression, dialect_from_name(shell).value(), names, steps);
  return (value ? std::to_string(*value) : "?") + names.log;
}

struct Row {
  std::string expression;
  std::string expected;
};

void check(const std::vector<Row>& rows, std::string_view shell = "bash") {
  for (const Row& row : rows) {
    CAPTURE(row.expression);
    CHECK(reckon(row.expression, shell) == row.expected);
  }
}

}  // namespace

TEST_CASE("numbers of each shell") {
  check({{"", "0"},
         {"10", "10"},
         {"010", "8"},
         {"08", "?"},
         {"0x1f", "31"},
         {"16#fF", "255"},
         {"2#101", "5"},
         {"2#12", "?"},
         {"64#_", "63"},
         {"37#A", "36"},
         {"36#A", "10"},
         {"65#1", "?"},
         {"1.5", "?"},
         {"9223372036854775807", "9223372036854775807"},
         {"12#", "?"},
         {"1#0", "?"},
         {"0", "0"},
         {"0x", "?"}});
  check({{"010", "10"}, {"08", "8"}, {"0b101", "5"}, {"1_000", "1000"}, {"16#ff", "255"}, {"1.5", "?"}},
        "zsh");
  check({{"010", "8"}, {"0x1f", "31"}}, "sh");
}

TEST_CASE("operators bind as the shell says") {
  check({{"2+3*4", "14"},    {"(2+3)*4", "20"}, {"2**3**2", "512"}, {"-2**2", "4"}, {"7/2", "3"},
         {"-7/2", "-3"},     {"-7%3", "-1"},    {"1<<4|1", "17"},   {"6&3^1", "3"}, {"1?2:3", "2"},
         {"0?1:0?2:3", "3"}, {"4--7", "11"},    {"- -7", "7"},      {"!0+1", "2"},  {"~0", "-1"},
         {"3>2==1", "1"},    {"1,2,3", "3"},    {"1||0&&0", "1"},   {"9-3-2", "4"}, {"+5", "5"},
         {"1/0", "?"},       {"1%0", "?"},      {"2**-1", "?"},     {"5 # 3", "?"}, {"(1", "?"},
         {"1 2", "?"},       {"1<2<3", "1"},    {"8>>1", "4"},      {"1<=1", "1"},  {"2!=2", "0"}});
  // zsh ranks shifts and bits above products, powers below them.
  check({{"2*1<<2", "8"}, {"6&3+1", "3"}, {"1|2*3", "9"}, {"1^^1", "0"}, {"-2**2", "4"}}, "zsh");
}

TEST_CASE("names, and what is assigned") {
  check({{"one+1", "2"},
         {"six", "6"},
         {"loop", "?"},  // bounded
         {"other", "?"},
         {"other*0", "?"},
         {"a[1]", "8"},
         {"a[one]+a[0]", "15"},
         {"a[9]", "?"},
         {"x=5", "5 x=5"},
         {"x=y=2", "2 y=2 x=2"},
         {"one+=2", "3 one=3"},
         {"one<<=3", "8 one=8"},
         {"one++ + one", "3 one=2"},
         {"++one", "2 one=2"},
         {"one--", "1 one=0"},
         {"a[one]=3", "3 a[1]=3"},
         {"a[one++]+=1", "9 one=2 a[1]=9"},
         {"other++", "? other=?"},
         {"x=other", "? x=?"},
         {"a[other]=1", "1 a[?]=1"}});
}

TEST_CASE("what does not run assigns nothing, what may run leaves it open") {
  check({{"0 && (x=1)", "0"},
         {"1 && (x=1)", "1 x=1"},
         {"1 || (x=1)", "1"},
         {"other && (x=1)", "? x=?"},
         {"other || (x=1)", "1 x=?"},
         {"1 ? (x=1) : (y=2)", "1 x=1"},
         {"other ? (x=1) : (y=2)", "? x=? y=?"},
         {"0 && (other && (x=1))", "0"}});
}

TEST_CASE("an operand that is not known") {
  const std::string hole(1, kUnknownOperand);
  CHECK(reckon(hole + "+1") == "?");
  CHECK(reckon("x=" + hole) == "? x=?");
  CHECK(reckon("0 && " + hole) == "0");
  CHECK(reckon(hole + hole) == "?");
}

TEST_CASE("depth and length are bounded") {
  CHECK(reckon(std::string(100000, '(') + "1" + std::string(100000, ')')) == "?");
  CHECK(reckon(std::string(100000, '-') + "1") == "?");
  std::string sum = "1";
  for (int i = 0; i < 100000; ++i) sum += "+1";
  CHECK(reckon(sum) == "?");
  CHECK(reckon("((((1))))") == "1");
}

TEST_CASE("the colon of a range") {
  CHECK(range_colon("1:2") == 1);
  CHECK(range_colon("12") == std::string_view::npos);
  CHECK(range_colon("a?1:2:3") == 5);
  CHECK(range_colon("(a?1:2):3") == 7);
  CHECK(range_colon("a[x?1:0]:3") == 8);
}

TEST_CASE("arithmetic in a line") {
  check_lines("bash", {{"rm /x$((2*3+1))", "rm /x7"},
                       {"rm /x$((010))", "rm /x8"},
                       {"rm /x$[1+1]", "rm /x2"},
                       {"i=2; ((i++)); rm $i", "(i=2); rm 3"},
                       {"let i=1+1; rm $i", "i=1+1 let i=1+1; rm 2"},
                       {"declare -i n=2; n+=3; rm $n", "n=2 declare -i n=2; (n+=3); rm 5"},
                       {"a=(x y z); i=1; rm ${a[i+1]}", "(a=(…)); (i=1); rm z"},
                       {"s=abcdef; n=2; rm ${s:n+1:2}", "(s=abcdef); (n=2); rm de"},
                       {"s=abcdef; rm ${s:${#s}-2}", "(s=abcdef); rm ef"},
                       {"rm $((X+1))", "rm …"},
                       {"((i = X)); rm /$i", "rm /…"}});
  check_lines("zsh", {{"a=(x y z); i=1; rm ${a[i+1]}", "(a=(…)); (i=1); rm y"}, {"rm $((010))", "rm 10"}});
}

TEST_CASE("for (( … )) goes as often as it says") {
  check_lines("bash", {{"for ((i=0; i<3; i++)); do rm $i; done", "rm 0; rm 1; rm 2"},
                       {"for ((i=0; i<0; i++)); do rm $i; done", ""},
                       {"s=rm; t=; for ((i=0; i<${#s}; i++)); do t+=${s:i:1}; done; $t x",
                        "(s=rm); (t=[]); (t+=r); (t+=m); rm x"},
                       // Each round is walked as it runs …
                       {"for ((i=0; i<2; i++)); do x=a$i; [[ \"$x\" == \"a1\" ]] && x=b; rm $x; done",
                        "(x=a0); (x=b); rm a0; (x=a1); (x=b); rm b"},
                       // … until something may leave it: then it is one or the other.
                       {"for ((i=0; i<2; i++)); do x=a$i; $y; [[ \"$x\" == \"a1\" ]] && x=b; rm $x; done",
                        "(x=a0); $y; (x=b); rm a0; rm b; rm $x; (x=a1); $y; (x=b); rm a1; rm b; rm $x"},
                       // Nobody knows how often: the body once, and what is counted is not known.
                       {"for ((i=0; i<N; i++)); do rm $i; done", "rm …"}});
}

}  // namespace cmdai::resolve
