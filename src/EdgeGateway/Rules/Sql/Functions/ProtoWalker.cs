using Google.Protobuf;
using Google.Protobuf.Reflection;
using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types.Type;

namespace EdgeGateway.Rules.Sql;

/// <summary>Walks protobuf wire data by its descriptors; no generated classes, no reflection.</summary>
internal sealed class ProtoWalker(ProtoSchema schema, SqlVersion version)
{
    private const int MaxDepth = 64;

    /// <exception cref="IOException">The bytes are not such a message.</exception>
    public SqlValue Read(CodedInputStream input, ProtoMessageType type, int depth)
    {
        if (depth > MaxDepth)
            throw new ProtoFormatException("nested too deep");
        var result = new SqlObject(type.Fields.Count);
        var lists = new Dictionary<string, List<SqlValue>>(StringComparer.Ordinal);
        while (input.ReadTag() is not 0 and var tag)
        {
            if (!type.Fields.TryGetValue(WireFormat.GetTagFieldNumber(tag), out var field))
            {
                input.SkipLastField();
                continue;
            }
            var name = field.HasJsonName ? field.JsonName : JsonName(field.Name);
            if (field.Label != FieldDescriptorProto.Types.Label.Repeated)
            {
                Set(result, name, field, ReadOne(input, tag, field, depth));
            }
            else if (field.Type == FieldType.Message && schema.Message(TypeName(field)) is { IsMapEntry: true } entry)
            {
                AddToMap(result, name, Read(Nested(input), entry, depth + 1).AsObject, entry);
            }
            else
            {
                if (!lists.TryGetValue(name, out var list))
                    lists[name] = list = [];
                ReadRepeated(input, tag, field, depth, list);
            }
        }
        foreach (var (name, list) in lists)
            result.Set(name, SqlValue.Array(list));
        return result;
    }

    // A message field that comes twice is merged (protobuf encoding, "Last One Wins").
    private static void Set(SqlObject target, string name, FieldDescriptorProto field, SqlValue value)
    {
        if (field.Type == FieldType.Message && target.Get(name) is { Kind: SqlKind.Object } before)
        {
            var merged = before.AsObject.Copy(value.AsObject.Count);
            for (var i = 0; i < value.AsObject.Count; i++)
                merged.Set(value.AsObject[i].Key, value.AsObject[i].Value);
            value = merged;
        }
        target.Set(name, value);
    }

    private void AddToMap(SqlObject target, string name, SqlObject pair, ProtoMessageType entry)
    {
        var map = target.Get(name) is { Kind: SqlKind.Object } before ? before.AsObject.Copy(1) : new SqlObject();
        var key = pair.TryGet("key", out var written) ? written : DefaultOf(entry.Fields[1]);
        var value = pair.TryGet("value", out var given) ? given : DefaultOf(entry.Fields[2]);
        map.Set(key.ToStringOrNull() ?? "", value);
        target.Set(name, map);
    }

    private void ReadRepeated(CodedInputStream input, uint tag, FieldDescriptorProto field, int depth, List<SqlValue> list)
    {
        var isPacked = WireFormat.GetTagWireType(tag) == WireFormat.WireType.LengthDelimited
            && field.Type is not (FieldType.String or FieldType.Bytes or FieldType.Message);
        if (!isPacked)
        {
            list.Add(ReadOne(input, tag, field, depth));
            return;
        }
        var packed = Nested(input);
        while (!packed.IsAtEnd)
            list.Add(ReadScalar(packed, field));
    }

    private SqlValue ReadOne(CodedInputStream input, uint tag, FieldDescriptorProto field, int depth)
    {
        if (WireFormat.GetTagWireType(tag) != WireTypeOf(field.Type))
            throw new ProtoFormatException("a field of another wire type");
        if (field.Type != FieldType.Message)
            return ReadScalar(input, field);
        var type = schema.Message(TypeName(field)) ?? throw new ProtoFormatException("a type that is not in the set");
        return Read(Nested(input), type, depth + 1);
    }

    private SqlValue ReadScalar(CodedInputStream input, FieldDescriptorProto field) => field.Type switch
    {
        FieldType.Double => SqlValue.Double(input.ReadDouble(), version),
        FieldType.Float => SqlJson.ReadNumber(Shortest(input.ReadFloat()), version),
        FieldType.Int32 => input.ReadInt32(),
        FieldType.Int64 => input.ReadInt64(),
        FieldType.Uint32 => input.ReadUInt32(),
        FieldType.Uint64 => Unsigned(input.ReadUInt64()),
        FieldType.Sint32 => input.ReadSInt32(),
        FieldType.Sint64 => input.ReadSInt64(),
        FieldType.Fixed32 => input.ReadFixed32(),
        FieldType.Fixed64 => Unsigned(input.ReadFixed64()),
        FieldType.Sfixed32 => input.ReadSFixed32(),
        FieldType.Sfixed64 => input.ReadSFixed64(),
        FieldType.Bool => input.ReadBool(),
        FieldType.String => input.ReadString(),
        FieldType.Bytes => input.ReadBytes().ToBase64(),
        FieldType.Enum => EnumValue(field, input.ReadEnum()),
        _ => throw new ProtoFormatException("a group, which is not read"),
    };

    private SqlValue EnumValue(FieldDescriptorProto field, int number) => schema.EnumName(TypeName(field), number) ?? (SqlValue)number;

    private SqlValue DefaultOf(FieldDescriptorProto field) => field.Type switch
    {
        FieldType.Message => new SqlObject(),
        FieldType.String or FieldType.Bytes => "",
        FieldType.Bool => false,
        FieldType.Enum => EnumValue(field, 0),
        _ => (SqlValue)0,
    };

    // As protoc derives it: each underscore goes and the letter behind it becomes upper-case.
    private static string JsonName(string name)
    {
        var text = new System.Text.StringBuilder(name.Length);
        for (var i = 0; i < name.Length; i++)
        {
            if (name[i] != '_')
                text.Append(i > 0 && name[i - 1] == '_' ? char.ToUpperInvariant(name[i]) : name[i]);
        }
        return text.ToString();
    }

    private static CodedInputStream Nested(CodedInputStream input) => new(input.ReadBytes().ToByteArray());

    // The digits of a float, not those of the double nearest to it: 21.4 stays 21.4.
    private static byte[] Shortest(float value) =>
        System.Text.Encoding.ASCII.GetBytes(float.IsFinite(value) ? value.ToString("R", System.Globalization.CultureInfo.InvariantCulture) : "");

    private static SqlValue Unsigned(ulong value) => SqlNumber.TryCreate(value, 0, out var number) ? SqlValue.Int(number) : default;

    // Fully qualified names start with a dot in descriptors.
    private static string TypeName(FieldDescriptorProto field) => field.TypeName.TrimStart('.');

    private static WireFormat.WireType WireTypeOf(FieldType type) => type switch
    {
        FieldType.Double or FieldType.Fixed64 or FieldType.Sfixed64 => WireFormat.WireType.Fixed64,
        FieldType.Float or FieldType.Fixed32 or FieldType.Sfixed32 => WireFormat.WireType.Fixed32,
        FieldType.String or FieldType.Bytes or FieldType.Message => WireFormat.WireType.LengthDelimited,
        _ => WireFormat.WireType.Varint,
    };
}
