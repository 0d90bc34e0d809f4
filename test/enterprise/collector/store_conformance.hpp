#pragma once
// What every store has to do, whatever is beneath it: a program that makes a store of its own kind calls
// run_conformance().
#include <functional>
#include <memory>

#include "enterprise/collector/store/store.hpp"

namespace cmdai::collector::test {

/// A fresh, empty store; the one made before is gone. `again`: the same one, closed and opened.
struct StoreFactory {
  std::function<std::unique_ptr<Store>()> fresh;
  std::function<std::unique_ptr<Store>()> again;
};

/// Defined once by the program that links these tests.
StoreFactory store_factory();

}  // namespace cmdai::collector::test
