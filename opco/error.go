package opco

import (
	"errors"
	"fmt"
)

// Kind says what the caller of a failed operation can do about it. A Kind is
// itself an error, so errors.Is(err, opco.NotFound) works at any depth.
type Kind string

// Error makes a Kind usable with errors.Is.
func (k Kind) Error() string { return string(k) }

// The kinds of refusal. Each has its own HTTP status and its own reaction.
const (
	Invalid   Kind = "invalide"    // the request is wrong: correct it (422)
	Forbidden Kind = "interdit"    // the person may not do this (403)
	NotFound  Kind = "introuvable" // no such object within reach (404)
	Conflict  Kind = "conflit"     // the object's état does not allow it now (409)
)

// Error is an error that a user may read. Message is a full French sentence;
// Code is a stable short name from the catalogue of motifs or "" ; Champ is the
// field at fault, if one is; Err is the cause and is only ever logged.
type Error struct {
	Kind    Kind   `json:"kind"`
	Code    string `json:"code,omitempty"`
	Champ   string `json:"champ,omitempty"`
	Message string `json:"message"`
	Err     error  `json:"-"`
}

// Error returns the sentence, followed by the cause for the log.
func (e *Error) Error() string {
	if e.Err != nil {
		return e.Message + ": " + e.Err.Error()
	}
	return e.Message
}

// Unwrap exposes both the Kind and the cause to errors.Is and errors.As.
func (e *Error) Unwrap() []error {
	if e.Err != nil {
		return []error{e.Kind, e.Err}
	}
	return []error{e.Kind}
}

// Errorf returns an Error of the given kind with a formatted French sentence.
func Errorf(k Kind, format string, args ...any) *Error {
	return &Error{Kind: k, Message: fmt.Sprintf(format, args...)}
}

// Champf returns an Invalid error about the field champ.
func Champf(champ, format string, args ...any) *Error {
	return &Error{Kind: Invalid, Champ: champ, Message: fmt.Sprintf(format, args...)}
}

// AvecCode returns e with the stable code set.
func (e *Error) AvecCode(code string) *Error { e.Code = code; return e }

// KindOf returns the Kind of err, or "" when err is not a refusal of the domain.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) {
		return e.Kind
	}
	return ""
}
