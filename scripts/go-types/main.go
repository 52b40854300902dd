// Prints, for every Go type behind the published definitions, how each JSON field is declared: its Go type as errors
// name it, whether it is a pointer, and whether its zero value is left out. Input of catalogue.mjs.
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"

	apiextensions "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistration "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

type field struct {
	Type    string `json:"type"`
	Pointer bool   `json:"pointer,omitempty"`
	// Printed even when it holds its zero value.
	Always bool `json:"always,omitempty"`
	// The list's or map's elements are pointers.
	PointerElements bool `json:"pointerElements,omitempty"`
	// The embedded structs through which the field is reached, as unmarshal errors spell them.
	Via string `json:"via,omitempty"`
}

var unmarshaler = reflect.TypeOf((*json.Unmarshaler)(nil)).Elem()
var seen = map[reflect.Type]bool{}
var out = map[string]map[string]field{}

func name(t reflect.Type) string {
	parts := strings.Split(t.PkgPath(), "/")
	host := strings.Split(parts[0], ".")
	for i, j := 0, len(host)-1; i < j; i, j = i+1, j-1 {
		host[i], host[j] = host[j], host[i]
	}
	return strings.Join(append(host, parts[1:]...), ".") + "." + t.Name()
}

func fields(t reflect.Type, via string, into map[string]field) {
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		tag, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if tag == "-" || (!f.IsExported() && !f.Anonymous) {
			continue
		}
		if f.Anonymous && tag == "" {
			inner := f.Type
			if inner.Kind() == reflect.Pointer {
				inner = inner.Elem()
			}
			fields(inner, strings.TrimPrefix(via+"."+f.Name, "."), into)
			continue
		}
		if tag == "" {
			tag = f.Name
		}
		ft := f.Type
		pointer := ft.Kind() == reflect.Pointer
		if pointer {
			ft = ft.Elem()
		}
		omitempty, omitzero := strings.Contains(options, "omitempty"), strings.Contains(options, "omitzero")
		always := !omitempty && !omitzero
		if ft.Kind() == reflect.Struct && !pointer && !omitzero {
			always = true
		}
		elements := (ft.Kind() == reflect.Slice || ft.Kind() == reflect.Map) && ft.Elem().Kind() == reflect.Pointer
		into[tag] = field{ft.String(), pointer, always, elements, via}
		walk(ft)
	}
}

func walk(t reflect.Type) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Map, reflect.Array:
		walk(t.Elem())
	case reflect.Struct:
		// Types with their own JSON form (Time, Quantity, IntOrString) have no fields to the outside.
		if seen[t] || reflect.PointerTo(t).Implements(unmarshaler) {
			return
		}
		seen[t] = true
		into := map[string]field{}
		fields(t, "", into)
		out[name(t)] = into
	}
}

func main() {
	all := scheme.Scheme
	for _, add := range []func(*runtime.Scheme) error{apiextensions.AddToScheme, apiregistration.AddToScheme} {
		if err := add(all); err != nil {
			panic(err)
		}
	}
	kinds := map[string][]string{}
	for gvk, t := range all.AllKnownTypes() {
		if gvk.Version != runtime.APIVersionInternal {
			kinds[gvk.GroupVersion().String()] = append(kinds[gvk.GroupVersion().String()], gvk.Kind)
		}
		if !strings.Contains(gvk.Version, "alpha") && !strings.Contains(gvk.Version, "beta") && gvk.Version != runtime.APIVersionInternal {
			walk(t)
		}
	}
	walk(reflect.TypeOf(v1.APIGroupList{}))
	walk(reflect.TypeOf(v1.APIVersions{}))
	walk(reflect.TypeOf(v1.APIResourceList{}))
	json.NewEncoder(os.Stdout).Encode(map[string]any{"types": out, "kinds": kinds})
}
