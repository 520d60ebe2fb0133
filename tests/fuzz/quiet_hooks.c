/* SPDX-License-Identifier: GPL-2.0-or-later
 *
 * quiet_hooks.c - takes the place of libFuzzer's own hooks, in which AddressSanitizer tells it each pair of strings
 * that was compared. Our runs make no use of that (tests/fuzz/run), and it costs a sixth of their time. What
 * AddressSanitizer checks of the strings stays. The arguments are not looked at, so they are not named.
 */
#define QUIET(function)                                                                                      \
    void __sanitizer_weak_hook_##function(void);                                                             \
    void __sanitizer_weak_hook_##function(void)                                                              \
    {                                                                                                        \
    }

QUIET(memcmp)
QUIET(memmem)
QUIET(strcmp)
QUIET(strncmp)
QUIET(strcasecmp)
QUIET(strncasecmp)
QUIET(strstr)
QUIET(strcasestr)
