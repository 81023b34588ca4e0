/*
 * Puts a fault into a daemon from outside, whatever it is written in: LD_PRELOAD=preload.so DAEMON. It acts before each read of a
 * backing file at an offset, once a FUSE READ in a daemon that reads each request by one call.
 *
 *   FUSEMETER_SPIN_NS=N  spins for N nanoseconds on the CPU
 *   FUSEMETER_CALLS=N    makes N more system calls
 *
 * read(2) has no offset: a daemon takes its requests by it, so it is left alone. So is a read through io_uring.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static long long spin_ns;
static long calls;

static long long number(const char *name)
{
	const char *text = getenv(name);
	return text ? strtoll(text, NULL, 10) : 0;
}

/* clock_gettime(2) of this clock is answered by the vDSO: it is no system call. */
static long long now_ns(void)
{
	struct timespec now;
	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000LL + now.tv_nsec;
}

static void fault(void)
{
	for (long done = 0; done < calls; done++)
		syscall(SYS_getppid);
	if (spin_ns > 0)
		for (long long end = now_ns() + spin_ns; now_ns() < end;)
			;
}

/* Each function under its name, once with the fault and then as the C library has it. */
#define WITH_FAULT(result, name, parameters, arguments, reads_a_file)               \
	static result(*next_##name) parameters;                                         \
	result name parameters                                                          \
	{                                                                               \
		if (reads_a_file)                                                           \
			fault();                                                                \
		return next_##name arguments;                                               \
	}

WITH_FAULT(ssize_t, pread, (int fd, void *to, size_t bytes, off_t at), (fd, to, bytes, at), 1)
WITH_FAULT(ssize_t, pread64, (int fd, void *to, size_t bytes, off64_t at), (fd, to, bytes, at), 1)
WITH_FAULT(ssize_t, preadv, (int fd, const struct iovec *to, int count, off_t at), (fd, to, count, at), 1)
WITH_FAULT(ssize_t, preadv64, (int fd, const struct iovec *to, int count, off64_t at), (fd, to, count, at), 1)
WITH_FAULT(ssize_t, preadv2, (int fd, const struct iovec *to, int count, off_t at, int flags), (fd, to, count, at, flags), 1)
WITH_FAULT(ssize_t, preadv64v2, (int fd, const struct iovec *to, int count, off64_t at, int flags), (fd, to, count, at, flags), 1)
/* Without an offset splice(2) moves what a pipe holds: that is no read of a file. */
WITH_FAULT(ssize_t, splice, (int fd, off64_t *at, int to, off64_t *to_at, size_t bytes, unsigned flags),
	   (fd, at, to, to_at, bytes, flags), at != NULL)

__attribute__((constructor)) static void begin(void)
{
	spin_ns = number("FUSEMETER_SPIN_NS");
	calls = number("FUSEMETER_CALLS");
	next_pread = dlsym(RTLD_NEXT, "pread");
	next_pread64 = dlsym(RTLD_NEXT, "pread64");
	next_preadv = dlsym(RTLD_NEXT, "preadv");
	next_preadv64 = dlsym(RTLD_NEXT, "preadv64");
	next_preadv2 = dlsym(RTLD_NEXT, "preadv2");
	next_preadv64v2 = dlsym(RTLD_NEXT, "preadv64v2");
	next_splice = dlsym(RTLD_NEXT, "splice");
}
