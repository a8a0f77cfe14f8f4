// What Go makes of the texts that Istio and Kubernetes read: durations, quantities, URLs, protobuf JSON.
//
// It reads {"durations": ["1m30s", ...], ...} from its input and prints {"durations": {"1m30s": ANSWER, ...}, ...};
// null is what Go refuses. tools/record_go_values.py gives it the texts and writes the answers to tests/golden/go/.
package main

import (
	"encoding/json"
	"net"
	"net/url"
	"os"
	"time"

	"github.com/golang/protobuf/jsonpb" //nolint:staticcheck // what Istio reads its messages with
	"google.golang.org/protobuf/types/known/durationpb"
	"google.golang.org/protobuf/types/known/wrapperspb"
	"k8s.io/apimachinery/pkg/api/resource"
)

// Nanoseconds (time.ParseDuration).
func duration(text string) any {
	length, err := time.ParseDuration(text)
	if err != nil {
		return nil
	}
	return length.Nanoseconds()
}

// The canonical form, and the amount as an integer and the number of its decimals (resource.ParseQuantity).
func quantity(text string) any {
	amount, err := resource.ParseQuantity(text)
	if err != nil {
		return nil
	}
	// CanonicalizeBytes, as String() of a quantity that was just read may repeat the text. Zero is printed "0" by String().
	number, suffix := amount.CanonicalizeBytes(make([]byte, 0, 64))
	exact := amount.AsDec()
	return []any{string(number) + string(suffix), exact.UnscaledBig().String(), exact.Scale()}
}

// Scheme, host, port and whether the host is an IP address (url.Parse).
func address(text string) any {
	parsed, err := url.Parse(text)
	if err != nil {
		return nil
	}
	return []any{parsed.Scheme, parsed.Host, parsed.Hostname(), net.ParseIP(parsed.Hostname()) != nil}
}

// Seconds and nanoseconds of a google.protobuf.Duration field in JSON.
func protobufDuration(text string) any {
	var message durationpb.Duration
	quoted, _ := json.Marshal(text)
	if jsonpb.UnmarshalString(string(quoted), &message) != nil {
		return nil
	}
	printed, err := (&jsonpb.Marshaler{}).MarshalToString(&message)
	if err != nil {
		return nil
	}
	var plain string
	_ = json.Unmarshal([]byte(printed), &plain)
	return plain
}

// An int32 field, given as the JSON text.
func protobufInt32(text string) any {
	var message wrapperspb.Int32Value
	if jsonpb.UnmarshalString(text, &message) != nil {
		return nil
	}
	return message.Value
}

// A uint32 field, given as the JSON text.
func protobufUint32(text string) any {
	var message wrapperspb.UInt32Value
	if jsonpb.UnmarshalString(text, &message) != nil {
		return nil
	}
	return message.Value
}

// A double field, given as the JSON text.
func protobufDouble(text string) any {
	var message wrapperspb.DoubleValue
	if jsonpb.UnmarshalString(text, &message) != nil {
		return nil
	}
	if message.Value != message.Value || message.Value-message.Value != 0 {
		return "not finite"
	}
	return message.Value
}

var readers = map[string]func(string) any{
	"durations":          duration,
	"quantities":         quantity,
	"urls":               address,
	"protobuf_durations": protobufDuration,
	"protobuf_int32":     protobufInt32,
	"protobuf_uint32":    protobufUint32,
	"protobuf_double":    protobufDouble,
}

func main() {
	var asked map[string][]string
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		panic(err)
	}
	answers := map[string]map[string]any{}
	for kind, texts := range asked {
		answers[kind] = map[string]any{}
		for _, text := range texts {
			answers[kind][text] = readers[kind](text)
		}
	}
	encoder := json.NewEncoder(os.Stdout)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", " ")
	if err := encoder.Encode(answers); err != nil {
		panic(err)
	}
}
