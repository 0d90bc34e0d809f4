#pragma once
// Data on standard output, talk on standard error; colours only where they are wanted.
#include <string>
#include <string_view>

#include "libcore/base/diagnostic.hpp"
#include "libcore/explain/explain.hpp"

namespace cmdai::cli {

/// Colours when the stream is a terminal, NO_COLOR is unset (no-color.org) and TERM is not dumb.
bool colors(int fd);
/// For a screen reader: CMDAI_PLAIN is set and not empty, or TERM is dumb.
bool plain();
/// Columns of the terminal on `fd`, else $COLUMNS, else 80.
uint32_t columns(int fd);
explain::Style style_for(int fd);

/// To standard output; exits quietly (141) when the reader is gone.
void print(std::string_view text);
/// To standard error.
void talk(std::string_view text);
/// `cmdai: message`, the line with a caret, the hint. Returns `status`.
int complain(const Diagnostic& problem, int status);
int complain(std::string message, std::string hint, int status);

}  // namespace cmdai::cli
