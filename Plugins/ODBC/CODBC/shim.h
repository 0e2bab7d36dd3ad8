/* unixODBC, as pkg-config finds it. */
#include <odbcinst.h>
#include <sql.h>
#include <sqlext.h>
#include <sqlucode.h>
