// The kernel for EDGESWEEP_LANES lanes, as an object that has what the WebAssembly module exports. Only `EDGESWEEP_INSTANTIATE` has external
// linkage: no function that is compiled for wider machines may be linked in the place of another's.
#define NAPI_VERSION 8
#include <node_api.h>
#include <stdlib.h>

#include <new>

#include "vector.h"

namespace {

#include EDGESWEEP_TRANSLATED

// `kernel.ts` types the arguments.
template <class T> T take(napi_env env, napi_value value);
template <> f64 take(napi_env env, napi_value value) {
  f64 number = 0;
  napi_get_value_double(env, value, &number);
  return number;
}
template <> f32 take(napi_env env, napi_value value) { return (f32)take<f64>(env, value); }
template <> usize take(napi_env env, napi_value value) { return (usize)take<f64>(env, value); }
template <> i32 take(napi_env env, napi_value value) {
  i32 number = 0;
  napi_get_value_int32(env, value, &number);
  return number;
}
template <> bool take(napi_env env, napi_value value) {
  bool is = false;
  napi_get_value_bool(env, value, &is);
  return is;
}

napi_value give(napi_env env, f64 number) {
  napi_value value;
  napi_create_double(env, number, &value);
  return value;
}

constexpr size_t MOST_ARGUMENTS = 12;

template <class T> constexpr bool isVoid = false;
template <> constexpr bool isVoid<void> = true;

/** A call of a method with what JavaScript gave; an object, since the arguments of its construction are taken from left to right. */
template <class R, class... As> struct Call {
  napi_value result = nullptr;
  Call(napi_env env, Kernel *kernel, R (Kernel::*method)(As...), As... arguments) {
    static_assert(sizeof...(As) <= MOST_ARGUMENTS);
    if constexpr (isVoid<R>) (kernel->*method)(arguments...);
    else result = give(env, (f64)(kernel->*method)(arguments...));
  }
};

template <class R, class... As> napi_value call(napi_env env, napi_callback_info info, R (Kernel::*method)(As...)) {
  napi_value given[MOST_ARGUMENTS];
  size_t count = MOST_ARGUMENTS;
  void *kernel;
  napi_get_cb_info(env, info, &count, given, nullptr, &kernel);
  [[maybe_unused]] napi_value *next = given;
  return Call<R, As...>{env, (Kernel *)kernel, method, take<As>(env, *next++)...}.result;
}
/** The kernel is the function's data. */
template <auto method> napi_value callback(napi_env env, napi_callback_info info) { return call(env, info, method); }

/** An address as a number. */
napi_value variable(napi_env env, napi_callback_info info) {
  void *data;
  napi_get_cb_info(env, info, nullptr, nullptr, nullptr, &data);
  return give(env, (f64)*(const usize *)data);
}

/** Takes an ArrayBuffer as memory, which the caller keeps; returns the address of its first byte. */
napi_value adopt(napi_env env, napi_callback_info info) {
  napi_value buffer;
  size_t count = 1;
  void *kernel, *bytes;
  napi_get_cb_info(env, info, &count, &buffer, nullptr, &kernel);
  napi_get_arraybuffer_info(env, buffer, &bytes, nullptr);
  ((Kernel *)kernel)->heapBase = (usize)bytes;
  return give(env, (f64)(usize)bytes);
}

void release(napi_env, void *kernel, void *) { free(kernel); }

}  // namespace

/** @returns nothing, and an exception is pending, when there is no memory */
napi_value EDGESWEEP_INSTANTIATE(napi_env env) {
  void *memory = aligned_alloc(64, (sizeof(Kernel) + 63) / 64 * 64);
  if (memory == nullptr) {
    napi_throw_error(env, nullptr, "no memory for a kernel");
    return nullptr;
  }
  Kernel *kernel = new (memory) Kernel();
  const napi_property_descriptor properties[] = {
#define METHOD(to, name) {#to, nullptr, callback<&Kernel::name>, nullptr, nullptr, nullptr, napi_enumerable, kernel},
      EDGESWEEP_FUNCTIONS(METHOD)
#define VARIABLE(to, name) {#to, nullptr, nullptr, variable, nullptr, nullptr, napi_default, &kernel->name},
      EDGESWEEP_VARIABLES(VARIABLE)
      {"adopt", nullptr, adopt, nullptr, nullptr, nullptr, napi_default, kernel},
  };
  napi_value object;
  napi_create_object(env, &object);
  napi_define_properties(env, object, sizeof properties / sizeof *properties, properties);
  napi_wrap(env, object, kernel, release, nullptr, nullptr);
  return object;
}
