#pragma once
// Redirections and operators in words.
#include <string>
#include <string_view>

namespace cmdai::explain {

/// `fd` and `op` as in syntax::Redirect, `target` its word without quotes.
std::string redirect_words(std::string_view op, std::string_view fd, std::string_view target);

/// What an operator between two commands says of the second.
std::string_view operator_words(std::string_view op);

}  // namespace cmdai::explain
