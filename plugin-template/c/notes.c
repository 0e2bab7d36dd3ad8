/* notes.c - the plugin: its identity, and the one symbol that the library exports. Entry.swift. */
#include <revmeta/revmeta.h>
#include <string.h>

#include "connector.h"

static const void *query(const char *id) {
  return strcmp(id, REVMETA_CONNECTOR_ID) == 0 ? (const void *)&connector : NULL;
}

const revmeta_plugin *revmeta_plugin_v1(void) {
  static const revmeta_plugin plugin = {
      .struct_size = sizeof plugin,
      .abi_minor = REVMETA_ABI_MINOR,
      .id = "org.example.notes-c",
      .name = "Text notes (C)",
      .version = "1.0.0",
      .query = query,
  };
  return &plugin;
}
