/* revmeta.h - the boundary between the engine and a plugin. C99, no dependencies, all text UTF-8.
 *
 * Version 1.0. What stands here stays: 1.x adds, at the end of structs, as interfaces and as constants, and a plugin that
 * was built with these headers is loaded and served by every host of 1.x.
 *
 * The rules of the boundary:
 *
 * 1. Nothing crosses that the other side must free. Arguments are borrowed until the call returns; results are
 *    pushed into sinks, which copy before they return. Only sessions and compiled templates have a lifetime, and
 *    the same side opens and closes them.
 * 2. A struct that travels alone starts with struct_size and may grow at its end, never elsewhere. Read a field
 *    that was added later through REVMETA_HAS only.
 * 3. A struct that travels in an array may grow at its end too: arrays carry a stride, the size of an element as
 *    the sender knows it. Step by the stride, never by sizeof.
 * 4. Text is {ptr, len}, UTF-8, not NUL-terminated. ptr NULL is absent; len 0 with any other ptr is empty. No text of
 *    the host's holds U+0000.
 * 5. A function returns a revmeta_status that says who must act, and hands the details to call->fail before it
 *    returns anything but REVMETA_OK. The host copies them at once. They never hold a secret.
 * 6. Nothing is ever unloaded: a library stays mapped until its process ends.
 *    Why: language runtimes and vendor clients leave threads and destructors behind; unloading crashes later.
 * 7. What a later minor version adds is no error to an earlier one. Bits of flags that are not known are ignored. A kind
 *    that a connector does not know has no entities, an attribute that it does not know is absent, a setting that its
 *    manifest does not list never reaches it. A host does not send what only a later plugin understands to one that does
 *    not offer it, nor a plugin to its host: whoever is newer looks at struct_size, at query and at the stride.
 *
 * Thread tags, on every function:
 *   [any]      from any thread, several at once.
 *   [session]  one call at a time for a session, always from the same OS thread, which open was called on too.
 */
#ifndef REVMETA_H
#define REVMETA_H

#include "base.h"
#include "call.h"
#include "connector.h"
#include "dialect.h"
#include "interrupt.h"
#include "plugin.h"
#include "template.h"

#endif
