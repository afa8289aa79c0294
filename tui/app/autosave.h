/* SPDX-License-Identifier: MIT */
/* Runs of the lab that nobody named a file for: a file each in a folder of their own, YYYYMMDD-HHMMSS-PID.safetensors.
 * They are the user's: of those of recorded runs the rule of store_keep_newest deletes the oldest, and saddle runs gc. Those
 * that no store knows of have names of their own, YYYYMMDD-HHMMSS-PID-unrecorded.safetensors, and their rule is here. */
#ifndef SADDLE_TUI_APP_AUTOSAVE_H
#define SADDLE_TUI_APP_AUTOSAVE_H

/* The folder, whether it is there or not; malloced, or NULL when neither HOME nor XDG is set. */
char *autosave_folder(void);
/* A new name in it, so that no run takes another's place; the folder is made. Malloced, or NULL when that failed. */
char *autosave_path(int recorded);
/* Number of checkpoints in the folder, and their bytes in total; 0 if there is no such folder. */
int autosave_count(const char *folder, long long *bytes);
/* Of the unrecorded ones keep the newest `most`, and those of programs that are running. Returns how many were removed, and
 * their bytes. */
int autosave_keep_newest(const char *folder, int most, long long *bytes);

#endif
