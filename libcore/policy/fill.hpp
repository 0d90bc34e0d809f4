#pragma once
// A rule's text with what was found of the line at hand put into it.
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "libcore/effects/effect.hpp"

namespace cmdai::policy {

/// `{detail}`, `{target}`, `{lost}` and `{context}` become the effect's; without one, or where it says
/// nothing, the sentence they stand in (up to a full stop, a semicolon or the end) is left out. What the line
/// brings along and cannot be seen is shown as ?.
std::string filled(std::string_view text, const effects::Effect* effect);

/// With their braces, as they are written in a text.
std::span<const std::string_view> slot_names();
/// The words in braces, `{lost}`, but not those of a shell's or git's own syntax: `${NAME}`, `@{upstream}`.
std::vector<std::string_view> words_in_braces(std::string_view text);
/// Those of them that filled() knows nothing of.
std::vector<std::string_view> unknown_slots(std::string_view text);

}  // namespace cmdai::policy
