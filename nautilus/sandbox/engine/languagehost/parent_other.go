//go:build !linux

package main

import "syscall"

// dieWithParent does nothing where the kernel has no such signal.
func dieWithParent() *syscall.SysProcAttr { return nil }
