using System.Collections.Concurrent;
using System.Security.Cryptography;
using Google.Protobuf;
using Google.Protobuf.Reflection;

namespace EdgeGateway.Rules.Sql;

/// <summary>
/// Message types of a compiled descriptor set (`protoc --descriptor_set_out --include_imports`), and messages of them walked
/// into values: names as in proto3 JSON, numbers exact, bytes as base64, enums by name, absent members left out.
/// </summary>
internal sealed class ProtoSchema
{
    private const int MaxCached = 32;
    private static readonly ConcurrentDictionary<string, ProtoSchema?> Cache = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ProtoMessageType> _messages = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<int, string>> _enums = new(StringComparer.Ordinal);

    private ProtoSchema()
    {
    }

    /// <returns>Null where the bytes are no descriptor set.</returns>
    public static ProtoSchema? Find(ReadOnlyMemory<byte> descriptorSet)
    {
        var key = Convert.ToHexStringLower(SHA256.HashData(descriptorSet.Span));
        if (Cache.TryGetValue(key, out var known))
            return known;
        if (Cache.Count >= MaxCached)
            Cache.Clear();
        return Cache[key] = Read(descriptorSet.Span);
    }

    public bool Has(string type) => _messages.ContainsKey(type);

    public ProtoMessageType? Message(string type) => _messages.GetValueOrDefault(type);

    /// <summary>An enum's name for a number; null for a number it does not have.</summary>
    public string? EnumName(string type, int number) => _enums.TryGetValue(type, out var names) ? names.GetValueOrDefault(number) : null;

    public bool TryDecode(string type, byte[] message, SqlVersion version, out SqlValue value)
    {
        try
        {
            value = new ProtoWalker(this, version).Read(new CodedInputStream(message), _messages[type], depth: 0);
            return true;
        }
        catch (IOException) // InvalidProtocolBufferException or ProtoFormatException
        {
            value = default;
            return false;
        }
    }

    private static ProtoSchema? Read(ReadOnlySpan<byte> descriptorSet)
    {
        try
        {
            var schema = new ProtoSchema();
            foreach (var file in FileDescriptorSet.Parser.ParseFrom(descriptorSet).File)
            {
                var prefix = file.Package.Length == 0 ? "" : file.Package + ".";
                foreach (var message in file.MessageType)
                    schema.Add(prefix, message, depth: 0);
                foreach (var type in file.EnumType)
                    schema.Add(prefix, type);
            }
            return schema;
        }
        catch (InvalidProtocolBufferException)
        {
            return null;
        }
    }

    private void Add(string prefix, DescriptorProto message, int depth)
    {
        if (depth > 32)
            return;
        var name = prefix + message.Name;
        _messages[name] = new ProtoMessageType(message.Field.ToDictionary(field => field.Number), message.Options?.MapEntry ?? false);
        foreach (var nested in message.NestedType)
            Add(name + ".", nested, depth + 1);
        foreach (var type in message.EnumType)
            Add(name + ".", type);
    }

    private void Add(string prefix, EnumDescriptorProto type)
    {
        var names = new Dictionary<int, string>();
        foreach (var value in type.Value)
            names.TryAdd(value.Number, value.Name); // of aliases the first counts
        _enums[prefix + type.Name] = names;
    }
}
