/* SPDX-License-Identifier: MIT */
/* Runs of the lab that nobody named a file for: a file each in a folder of their own, YYYYMMDD-HHMMSS-PID.safetensors.
 * They are the user's: nothing here deletes one; the rule of store_keep_newest does, and saddle runs gc. */
#ifndef SADDLE_TUI_APP_AUTOSAVE_H
#define SADDLE_TUI_APP_AUTOSAVE_H

/* The folder, whether it is there or not; malloced, or NULL when neither HOME nor XDG is set. */
char *autosave_folder(void);
/* A new name in it, so that no run takes another's place; the folder is made. Malloced, or NULL when that failed. */
char *autosave_path(void);
/* Number of checkpoints in the folder, and their bytes in total; 0 if there is no such folder. */
int autosave_count(const char *folder, long long *bytes);

#endif
