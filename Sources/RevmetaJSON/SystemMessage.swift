#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The C library's words for an error: `errno`'s, if no other is given.
package func systemMessage(_ code: Int32 = errno) -> String {
    String(cString: strerror(code))
}
