import Glibc

/// Holds the thread up, as a driver may.
func sleep(milliseconds: UInt32) {
    usleep(milliseconds * 1000)
}
