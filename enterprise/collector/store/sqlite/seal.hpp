#pragma once
// seal(a, b, …): an SQL function, BLAKE2b-128 over its values. Every table of the record has a column that
// SQLite itself computes with it at each write, so that a flipped bit in any value is seen when it is read or
// inspected.
#include <sqlite3.h>

namespace cmdai::collector::sqlite {

/// Makes the function known to a connection. Throws SqlError.
void add_seal(sqlite3* connection);

}  // namespace cmdai::collector::sqlite
