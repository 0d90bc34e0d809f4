#pragma once
// A rule's text with what was found of the line at hand put into it.
#include <string>
#include <string_view>

#include "libcore/effects/effect.hpp"

namespace cmdai::policy {

/// `{detail}`, `{target}`, `{lost}` and `{context}` become the effect's; without one, or where it says
/// nothing, the sentence they stand in (up to a full stop, a semicolon or the end) is left out. What the line
/// brings along and cannot be seen is shown as ?.
std::string filled(std::string_view text, const effects::Effect* effect);

}  // namespace cmdai::policy
