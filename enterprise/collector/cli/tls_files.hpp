#pragma once
// A certificate authority of one's own and a certificate for the server, for whoever has none: P-256, PEM.
#include <string>
#include <vector>

#include "enterprise/collector/base/result.hpp"

namespace cmdai::collector::cli {

struct TlsFiles {
  std::string authority, authority_key;  // PEM
  std::string certificate, key;
};

/// `names`: host names and addresses the certificate holds for. Ten years, the server's two.
Result<TlsFiles> make_tls_files(const std::string& collector, const std::vector<std::string>& names);

}  // namespace cmdai::collector::cli
