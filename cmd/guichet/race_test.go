//go:build race

package main

// The race detector takes more memory than a file under examination may have.
const detecteurDeCourses = true
