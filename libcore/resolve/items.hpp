#pragma once
// Lists that a loop or a program goes through item by item.
#include <string_view>
#include <vector>

#include "libcore/resolve/value.hpp"

namespace cmdai::resolve {

/// The items of a text, those between `separators`; empty ones are left out. What stands behind the first
/// hole is one item more, which is not known: where that ends nobody can tell. Linear in the size of the
/// text.
std::vector<Value> split_items(const Value& text, std::string_view separators);

/// The same list without most of those that do the same: of words that differ in their digits only the first
/// few stay. A short list stays whole.
std::vector<Value> representatives(std::vector<Value> items);

}  // namespace cmdai::resolve
