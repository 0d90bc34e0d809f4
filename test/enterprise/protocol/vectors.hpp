#pragma once
// Test vectors from fixed seeds, one JSON file for each part of docs/collector-protocol.md. vectors_test.py
// reads them with nothing of this code.
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

namespace cmdai::wire::vectors {

using Json = nlohmann::ordered_json;

/// File name and bytes.
using File = std::pair<std::string, std::string>;

Json primitives();
Json events();
Json batches();
Json messages();
Json envelopes();
Json policy_sets();
Json log();
File export_file();
Json exports();

}  // namespace cmdai::wire::vectors
