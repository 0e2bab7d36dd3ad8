/* A shared library that is no plugin. */
int a_plugin_of_something_else(void);

int a_plugin_of_something_else(void) { return 1; }
