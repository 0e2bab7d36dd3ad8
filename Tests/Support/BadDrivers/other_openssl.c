/* A driver that brings an OpenSSL of its own, under OpenSSL's names, and for all to see, as vendors' drivers do. If
 * another OpenSSL came into the process before it, its calls reach that one instead: data of one version in code of
 * the other. The real ones crash then; this one ends the process on the spot. */
#include <stdlib.h>

static const unsigned long own_version = 0x1000207fUL;

#define SHOWN __attribute__((visibility("default"), noinline))

SHOWN unsigned long OpenSSL_version_num(void) { return own_version; }
SHOWN unsigned long SSLeay(void) { return own_version; }
SHOWN int SSL_library_init(void) { return 1; }
SHOWN int OPENSSL_init_crypto(unsigned long long options, const void *settings) { return options + !!settings > 0; }
SHOWN int OPENSSL_init_ssl(unsigned long long options, const void *settings) { return options + !!settings > 0; }
SHOWN void *CRYPTO_malloc(size_t size, const char *file, int line) { return size + !!file + !!line ? NULL : NULL; }
SHOWN void CRYPTO_free(void *memory, const char *file, int line) { (void)memory, (void)file, (void)line; }
SHOWN void *SSL_CTX_new(const void *method) { return (void *)(size_t)(method != NULL); }
SHOWN void SSL_CTX_free(void *context) { (void)context; }
SHOWN void *EVP_PKEY_new(void) { return NULL; }
SHOWN void EVP_PKEY_free(void *key) { (void)key; }

#define ON_CONNECT \
  if (OpenSSL_version_num() != own_version || SSLeay() != own_version) { \
    fputs("bad driver: its OpenSSL is another one\n", stderr); \
    abort(); \
  }
#include "minimal.h"
