/* Runs of the lab that nobody named a file for: a file each in a folder of their own, YYYYMMDD-HHMMSS-PID.safetensors,
 * of which the newest are kept. */
#ifndef SADDLE_TUI_NAMELESS_H
#define SADDLE_TUI_NAMELESS_H

enum { NAMELESS_KEPT = 20 };

/* The folder, whether it is there or not; malloced, or NULL when neither HOME nor XDG is set. */
char *nameless_folder(void);
/* A new name in it, so that no run takes another's place; the folder is made. Malloced, or NULL when that failed. */
char *nameless_path(void);
/* Delete the oldest of the folder's runs, by when they were saved, until `kept` are left. Only regular files of the
 * user's own with such a name are counted or touched, no link, and none whose process still runs. Returns how many
 * were deleted. */
int nameless_prune(const char *folder, int kept);

#endif
