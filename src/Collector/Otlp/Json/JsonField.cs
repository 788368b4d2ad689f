using System.Text;
using Kpi.Collector.Protobuf;

namespace Kpi.Collector.Otlp.Json;

/// <summary>A field of a message: its name in JSON, its tag on the wire, and what is between.</summary>
internal sealed class JsonField
{
    private readonly byte[] name;

    private JsonField(string name, uint number, JsonKind kind)
    {
        this.name = Encoding.ASCII.GetBytes(name);
        Kind = kind;
        Tag = (number << 3) | WireOf(kind);
    }

    /// <summary>In lowerCamelCase, which is the only spelling that counts.</summary>
    public ReadOnlySpan<byte> Name => name;

    public JsonKind Kind { get; }

    /// <summary><c>number &lt;&lt; 3 | wire type</c>.</summary>
    public uint Tag { get; }

    public bool IsRepeated { get; private init; }

    /// <summary>Whether its values stand in one piece behind one tag: repeated numbers do.</summary>
    public bool IsPacked { get; private init; }

    /// <summary>Whether the message is mostly a long one, whose length then gets its full room at once.</summary>
    public bool IsWide { get; private init; }

    /// <summary>The message, for fields that are one.</summary>
    public MessageType Message { get; private init; }

    /// <summary>The names of an enumeration and their numbers, for fields that are one.</summary>
    public IReadOnlyList<EnumName> Names { get; private init; } = [];

    public static JsonField Of(string name, uint number, JsonKind kind) => new(name, number, kind);

    public static JsonField Of(string name, uint number, MessageType message) => new(name, number, JsonKind.Message) { Message = message };

    public static JsonField Wide(string name, uint number, MessageType message) => new(name, number, JsonKind.Message) { Message = message, IsWide = true };

    public static JsonField Enum(string name, uint number, IReadOnlyList<EnumName> names) => new(name, number, JsonKind.Enum) { Names = names };

    public static JsonField Many(string name, uint number, MessageType message) => new(name, number, JsonKind.Message) { Message = message, IsRepeated = true };

    public static JsonField ManyWide(string name, uint number, MessageType message) =>
        new(name, number, JsonKind.Message) { Message = message, IsRepeated = true, IsWide = true };

    public static JsonField ManyTexts(string name, uint number) => new(name, number, JsonKind.Text) { IsRepeated = true };

    public static JsonField Packed(string name, uint number, JsonKind kind) => new(name, number, kind) { IsRepeated = true, IsPacked = true };

    private static uint WireOf(JsonKind kind) => kind switch
    {
        JsonKind.Message or JsonKind.Text or JsonKind.Id or JsonKind.Bytes => WireType.Bytes,
        JsonKind.Double or JsonKind.Fixed64 or JsonKind.SFixed64 => WireType.Fixed64,
        JsonKind.Fixed32 => WireType.Fixed32,
        _ => WireType.Varint,
    };
}
