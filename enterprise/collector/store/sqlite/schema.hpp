#pragma once
// The tables of the record. Migrations are only ever added.
#include <string>
#include <string_view>
#include <vector>

#include "enterprise/collector/store/sqlite/database.hpp"

namespace cmdai::collector::sqlite {

/// A table and the values its seal covers.
struct Sealed {
  std::string_view table;
  std::string_view values;
};

const std::vector<Sealed>& sealed_tables();

/// Brings a ledger file to this program's version. Throws SqlError: SQLITE_NOTADB where it is of a later one.
void prepare_schema(Database& database);

}  // namespace cmdai::collector::sqlite
