#include "enterprise/collector/cli/tls_files.hpp"

#include <arpa/inet.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>

namespace cmdai::collector::cli {

namespace {

struct Free {
  void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
  void operator()(X509* certificate) const { X509_free(certificate); }
  void operator()(BIO* bio) const { BIO_free(bio); }
  void operator()(X509_EXTENSION* extension) const { X509_EXTENSION_free(extension); }
};
using Key = std::unique_ptr<EVP_PKEY, Free>;
using Certificate = std::unique_ptr<X509, Free>;

struct Wanted {
  std::string name;
  long days = 0;
  std::vector<std::pair<int, std::string>> extensions;
};

bool is_address(const std::string& name) {
  std::array<unsigned char, 16> bytes{};
  return inet_pton(AF_INET, name.c_str(), bytes.data()) == 1 ||
         inet_pton(AF_INET6, name.c_str(), bytes.data()) == 1;
}

bool add_extension(X509* to, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, to, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, Free> extension(
      X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  return extension != nullptr && X509_add_ext(to, extension.get(), -1) == 1;
}

bool set_serial(X509* to) {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), bytes.size()) != 1) return false;
  bytes[0] &= 0x7fU;
  BIGNUM* number = BN_bin2bn(bytes.data(), bytes.size(), nullptr);
  const bool good = number != nullptr && BN_to_ASN1_INTEGER(number, X509_get_serialNumber(to)) != nullptr;
  BN_free(number);
  return good;
}

/// nullptr: OpenSSL could not. Signed by `issuer_key`; `issuer` null: by itself.
Certificate make(const Wanted& wanted, EVP_PKEY* key, X509* issuer, EVP_PKEY* issuer_key) {
  Certificate made(X509_new());
  if (made == nullptr || X509_set_version(made.get(), 2) != 1 || !set_serial(made.get())) return nullptr;
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), wanted.days * 86400);
  X509_NAME* name = X509_get_subject_name(made.get());
  const auto* text = reinterpret_cast<const unsigned char*>(wanted.name.c_str());
  if (X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, text, -1, -1, 0) != 1) return nullptr;
  X509* const by = issuer == nullptr ? made.get() : issuer;
  if (X509_set_issuer_name(made.get(), X509_get_subject_name(by)) != 1 ||
      X509_set_pubkey(made.get(), key) != 1)
    return nullptr;
  for (const auto& [id, value] : wanted.extensions)
    if (!add_extension(made.get(), by, id, value)) return nullptr;
  if (X509_sign(made.get(), issuer_key, EVP_sha256()) == 0) return nullptr;
  return made;
}

template <class Write>
std::string pem(Write write) {
  const std::unique_ptr<BIO, Free> bio(BIO_new(BIO_s_mem()));
  if (bio == nullptr || write(bio.get()) != 1) return {};
  char* bytes = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &bytes);
  return {bytes, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  return pem([&](BIO* bio) { return PEM_write_bio_X509(bio, certificate); });
}
std::string pem_of(EVP_PKEY* key) {
  return pem(
      [&](BIO* bio) { return PEM_write_bio_PrivateKey(bio, key, nullptr, nullptr, 0, nullptr, nullptr); });
}

}  // namespace

Result<TlsFiles> make_tls_files(const std::string& collector, const std::vector<std::string>& names) {
  const Key authority_key(EVP_EC_gen("P-256"));
  const Key server_key(EVP_EC_gen("P-256"));
  std::string alternatives;
  for (const std::string& name : names)
    alternatives += std::string(alternatives.empty() ? "" : ",") + (is_address(name) ? "IP:" : "DNS:") + name;
  const Wanted wanted_authority{"cmdai collector " + collector + " authority",
                                3650,
                                {{NID_basic_constraints, "critical,CA:TRUE,pathlen:0"},
                                 {NID_key_usage, "critical,keyCertSign,cRLSign"},
                                 {NID_subject_key_identifier, "hash"}}};
  const Wanted wanted_server{"cmdai collector " + collector,
                             730,
                             {{NID_basic_constraints, "critical,CA:FALSE"},
                              {NID_key_usage, "critical,digitalSignature"},
                              {NID_ext_key_usage, "serverAuth"},
                              {NID_subject_alt_name, alternatives},
                              {NID_subject_key_identifier, "hash"},
                              {NID_authority_key_identifier, "keyid"}}};
  if (authority_key == nullptr || server_key == nullptr)
    return failed(Problem::unavailable, "OpenSSL makes no keys");
  const Certificate authority = make(wanted_authority, authority_key.get(), nullptr, authority_key.get());
  if (authority == nullptr) return failed(Problem::unavailable, "OpenSSL makes no authority");
  const Certificate server = make(wanted_server, server_key.get(), authority.get(), authority_key.get());
  if (server == nullptr)
    return failed(Problem::invalid, "no certificate can be made for these names: " + alternatives);
  return TlsFiles{pem_of(authority.get()), pem_of(authority_key.get()), pem_of(server.get()),
                  pem_of(server_key.get())};
}

}  // namespace cmdai::collector::cli
