#pragma once
// A value in memory that is locked (not swapped), fenced by guard pages, left out of core dumps, and wiped
// when it goes.
#include <sodium.h>

#include <new>
#include <utility>

namespace cmdai::device {

template <class T>
class Locked {
 public:
  explicit Locked(T&& value) : memory_(sodium_malloc(sizeof(T))) {
    if (memory_ == nullptr) throw std::bad_alloc();
    value_ = new (memory_) T(std::move(value));
  }
  Locked(const Locked&) = delete;
  Locked& operator=(const Locked&) = delete;
  Locked(Locked&& other) noexcept
      : memory_(std::exchange(other.memory_, nullptr)), value_(std::exchange(other.value_, nullptr)) {}
  Locked& operator=(Locked&& other) noexcept {
    std::swap(memory_, other.memory_);
    std::swap(value_, other.value_);
    return *this;
  }
  ~Locked() {
    if (value_ != nullptr) value_->~T();
    if (memory_ != nullptr) sodium_free(memory_);
  }
  T& operator*() { return *value_; }
  const T& operator*() const { return *value_; }
  T* operator->() { return value_; }
  const T* operator->() const { return value_; }

 private:
  void* memory_ = nullptr;
  T* value_ = nullptr;
};

}  // namespace cmdai::device
