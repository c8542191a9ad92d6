#include <curl/curl.h>

// Swift does not import C functions with "...", nor libcurl's macros of several words: here is one function for each
// type of argument that Grove passes.

static inline CURLcode grove_curl_start(void) { return curl_global_init(CURL_GLOBAL_DEFAULT); }

static inline CURLcode grove_curl_set_long(CURL *curl, CURLoption option, long value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode grove_curl_set_string(CURL *curl, CURLoption option, const char *value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode grove_curl_set_list(CURL *curl, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(curl, option, value);
}

static inline CURLcode grove_curl_set_pointer(CURL *curl, CURLoption option, void *value) {
    return curl_easy_setopt(curl, option, value);
}

// One type for what libcurl reads by and what it writes by: both are handed a buffer, and say how much of it they used.
typedef size_t (*grove_curl_transfer)(char *bytes, size_t size, size_t count, void *context);

static inline CURLcode grove_curl_set_reader(CURL *curl, grove_curl_transfer reader) {
    return curl_easy_setopt(curl, CURLOPT_READFUNCTION, reader);
}

static inline CURLcode grove_curl_set_header_reader(CURL *curl, grove_curl_transfer reader) {
    return curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, reader);
}

static inline long grove_curl_response_code(CURL *curl) {
    long code = 0;
    return curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &code) == CURLE_OK ? code : 0;
}
