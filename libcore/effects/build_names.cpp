#include "libcore/effects/build_names.hpp"

#include <algorithm>

#include "libcore/base/text.hpp"

namespace cmdai::effects {
namespace {

/// Most of them stand in the .gitignore templates of github.com/github/gitignore.
constexpr std::string_view kNames[] = {"node_modules",
                                       "build",
                                       "dist",
                                       "target",
                                       "__pycache__",
                                       ".cache",
                                       ".pytest_cache",
                                       ".mypy_cache",
                                       ".tox",
                                       ".venv",
                                       "venv",
                                       ".next",
                                       ".nuxt",
                                       "coverage",
                                       ".gradle",
                                       "CMakeFiles",
                                       "cmake-build-debug",
                                       "cmake-build-release",
                                       ".parcel-cache",
                                       ".turbo",
                                       ".eggs",
                                       "htmlcov",
                                       ".ruff_cache",
                                       "DerivedData",
                                       ".terraform",
                                       "bower_components",
                                       ".nyc_output",
                                       ".sass-cache",
                                       ".angular",
                                       ".svelte-kit",
                                       "zig-out",
                                       "zig-cache",
                                       "_build",
                                       "obj",
                                       "out",
                                       "tmp",
                                       "temp",
                                       "logs",
                                       "log",
                                       ".bundle",
                                       "elm-stuff",
                                       "storybook-static",
                                       "_cacache",
                                       "_npx",
                                       "Caches",
                                       ".vercel",
                                       ".netlify",
                                       ".serverless",
                                       ".aws-sam",
                                       "cdk.out",
                                       ".dart_tool",
                                       ".expo",
                                       ".pnpm-store",
                                       ".docusaurus",
                                       ".astro",
                                       ".output",
                                       ".vite",
                                       ".webpack",
                                       ".ipynb_checkpoints",
                                       ".hypothesis",
                                       ".nox",
                                       ".virtualenv",
                                       ".tmp",
                                       ".temp",
                                       ".ccls-cache",
                                       ".stack-work",
                                       "dist-newstyle",
                                       ".cabal-sandbox",
                                       ".cpcache",
                                       ".metals",
                                       ".bloop",
                                       ".pub-cache",
                                       ".vs",
                                       "xcuserdata",
                                       ".swiftpm",
                                       ".cxx",
                                       ".externalNativeBuild",
                                       "_deps",
                                       "jspm_packages",
                                       ".jekyll-cache",
                                       ".quarto",
                                       ".pdm-build",
                                       "__pypackages__",
                                       ".pants.d"};
constexpr std::string_view kBeginnings[] = {"cmake-build-", "bazel-"};
constexpr std::string_view kEndings[] = {".o",   ".pyc",   ".pyo",  ".class",    ".log", ".tmp",
                                         ".swp", ".bak",   "~",     ".egg-info", ".obj", ".lock",
                                         ".pid", ".cache", ".orig", ".rej"};

/// Elsewhere somebody may keep anything under these: ~/Documents/vendor, ~/tax-build.
constexpr std::string_view kProjectNames[] = {"_site", "Pods",       "test-results", "playwright-report",
                                              "env",   "virtualenv", "wheelhouse",   "artifacts",
                                              "cache", "vendor"};
constexpr std::string_view kProjectBeginnings[] = {"build-", "build_", "dist-", "dist_"};
constexpr std::string_view kProjectEndings[] = {"-build", "_build", "-dist", "_dist", "-cache"};

template <size_t N>
bool begins_with_any(std::string_view name, const std::string_view (&beginnings)[N]) {
  return std::any_of(beginnings, beginnings + N, [name](std::string_view b) { return name.starts_with(b); });
}
template <size_t N>
bool ends_with_any(std::string_view name, const std::string_view (&endings)[N]) {
  return std::any_of(endings, endings + N, [name](std::string_view e) { return name.ends_with(e); });
}

}  // namespace

bool is_build_name(std::string_view name) {
  return among(kNames, name) || begins_with_any(name, kBeginnings) || ends_with_any(name, kEndings);
}

bool is_build_folder(std::string_view name) { return among(kNames, name); }

bool is_project_build_name(std::string_view name) {
  return is_build_name(name) || among(kProjectNames, name) || begins_with_any(name, kProjectBeginnings) ||
         ends_with_any(name, kProjectEndings);
}

}  // namespace cmdai::effects
