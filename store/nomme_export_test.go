package store

// NomSansAccent is the expression that searches of names compare, for the test that
// holds the indexes to it.
const NomSansAccent = nomSansAccent
