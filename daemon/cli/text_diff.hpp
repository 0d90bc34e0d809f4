#pragma once
// What changes from one text to another, line by line, as `diff -u` shows it.
#include <string>
#include <string_view>

namespace cmdai::cli {

/// Hunks with three lines of context, without the two lines of names; empty when the texts are the same. A
/// text too long for a look (thousands of changed lines) is shown as taken out and put in as a whole.
std::string unified_diff(std::string_view before, std::string_view after);

}  // namespace cmdai::cli
