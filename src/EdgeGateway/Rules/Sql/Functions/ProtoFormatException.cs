namespace EdgeGateway.Rules.Sql;

/// <summary>Bytes that are well-formed protobuf but not of the type asked for; as an IOException like the library's own.</summary>
internal sealed class ProtoFormatException(string message) : IOException(message);
