#pragma once
// The tags effects carry (docs/effects.md; a test compares the two), so that a rule over a tag that does not
// exist is noticed.
#include <span>
#include <string_view>

namespace cmdai::policy {

std::span<const std::string_view> known_tags();
/// Whether the wildcard pattern meets at least one known tag.
bool tag_is_known(std::string_view pattern);

}  // namespace cmdai::policy
