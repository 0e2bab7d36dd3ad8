#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// The C library's words for `errno`.
package func systemMessage() -> String {
    String(cString: strerror(errno))
}
