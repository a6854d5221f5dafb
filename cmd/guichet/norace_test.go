//go:build !race

package main

const detecteurDeCourses = false
