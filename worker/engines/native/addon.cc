// The addon: which kernels the processor can run, and instances of them.
#define NAPI_VERSION 8
#include <node_api.h>

napi_value edgesweep_instantiate_4(napi_env env);
napi_value edgesweep_instantiate_8(napi_env env);
napi_value edgesweep_instantiate_16(napi_env env);

namespace {

#if defined(EDGESWEEP_BASELINE)
constexpr bool baseline = true;
#else
constexpr bool baseline = false;
#endif

/** Of a baseline build the compiler splits what is wider than the machine's vectors. */
bool runs(int lanes) {
  if (baseline || lanes == 4) return true;
#if defined(__x86_64__)
  __builtin_cpu_init();
  if (lanes == 8) return __builtin_cpu_supports("avx2");
  return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl") &&
         __builtin_cpu_supports("avx512bw");
#else
  return false;
#endif
}

struct Width {
  int lanes;
  napi_value (*instantiate)(napi_env);
};

const Width widths[] = {
#if defined(EDGESWEEP_BASELINE) || defined(__x86_64__)
    {16, edgesweep_instantiate_16},
    {8, edgesweep_instantiate_8},
#endif
    {4, edgesweep_instantiate_4},
};

napi_value instantiate(napi_env env, napi_callback_info info) {
  napi_value lanes;
  size_t count = 1;
  napi_get_cb_info(env, info, &count, &lanes, nullptr, nullptr);
  int32_t wanted = 0;
  napi_get_value_int32(env, lanes, &wanted);
  for (const Width &width : widths) {
    if (width.lanes == wanted && runs(wanted)) return width.instantiate(env);
  }
  napi_throw_range_error(env, nullptr, "this processor has no vectors of so many lanes");
  return nullptr;
}

napi_value initialize(napi_env env, napi_value exports) {
  napi_value lanes, function, version;
  napi_create_array(env, &lanes);
  uint32_t count = 0;
  for (const Width &width : widths) {
    napi_value number;
    if (!runs(width.lanes)) continue;
    napi_create_int32(env, width.lanes, &number);
    napi_set_element(env, lanes, count++, number);
  }
  napi_create_function(env, "instantiate", NAPI_AUTO_LENGTH, instantiate, nullptr, &function);
  napi_create_string_utf8(env, EDGESWEEP_VERSION, NAPI_AUTO_LENGTH, &version);
  napi_set_named_property(env, exports, "lanes", lanes);
  napi_set_named_property(env, exports, "instantiate", function);
  napi_set_named_property(env, exports, "version", version);
  return exports;
}

}  // namespace

NAPI_MODULE(NODE_GYP_MODULE_NAME, initialize)
