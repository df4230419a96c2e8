using Google.Protobuf.Reflection;

namespace EdgeGateway.Rules.Sql;

/// <param name="Fields">By field number.</param>
/// <param name="IsMapEntry">A generated entry type: key is field 1, value field 2.</param>
internal sealed record ProtoMessageType(IReadOnlyDictionary<int, FieldDescriptorProto> Fields, bool IsMapEntry);
