using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeGateway.Identity.Certificates;
using EdgeGateway.Messaging;

namespace EdgeGateway.Identity.Provisioning;

/// <summary>The template language (AWS guide: Device provisioning): parameters, mappings, resources, intrinsic functions. Pure: a template and parameters in, a plan out.</summary>
internal sealed class ProvisioningTemplateDocument
{
    public const string CertificateIdParameter = "AWS::IoT::Certificate::Id";
    private const string PseudoPrefix = "AWS::IoT::";
    private static readonly string[] Sections = ["Parameters", "Mappings", "Resources", "DeviceConfiguration"];

    private readonly Dictionary<string, string?> _parameters = new(StringComparer.Ordinal);        // declared name, default
    private readonly JsonObject _mappings;
    private readonly JsonObject _resources;
    private readonly JsonObject _deviceConfiguration;

    private ProvisioningTemplateDocument(JsonObject root)
    {
        if (root.Select(member => member.Key).FirstOrDefault(name => !Sections.Contains(name)) is { } unknown)
            throw new TemplateException(unknown, $"a template has {string.Join(", ", Sections)}");
        foreach (var (name, declared) in Object(root["Parameters"], "Parameters"))
            _parameters[name] = Declaration(declared, "Parameters." + name);
        _mappings = Object(root["Mappings"], "Mappings");
        _resources = Object(root["Resources"], "Resources");
        _deviceConfiguration = Object(root["DeviceConfiguration"], "DeviceConfiguration");
        CheckResources();
    }

    /// <summary>Declared parameters without a default.</summary>
    public IEnumerable<string> Required => _parameters.Where(parameter => parameter.Value is null && !parameter.Key.StartsWith(PseudoPrefix, StringComparison.Ordinal)).Select(parameter => parameter.Key);

    /// <exception cref="TemplateException">Not JSON, or not a template.</exception>
    public static ProvisioningTemplateDocument Parse(string json)
    {
        try
        {
            var node = StrictJson.Parse(Encoding.UTF8.GetBytes(json), maxDepth: 32);
            return new ProvisioningTemplateDocument(node as JsonObject ?? throw new TemplateException("", "expected an object"));
        }
        catch (JsonException fault)
        {
            throw new TemplateException("", "not valid JSON: " + fault.Message);
        }
    }

    /// <param name="given">The device's parameters and the pseudo parameters of certificate or subject.</param>
    /// <exception cref="TemplateException">A parameter is missing or unknown, a function fails, a value has the wrong shape: nothing is to be created.</exception>
    public ProvisioningPlan Plan(IReadOnlyDictionary<string, string> given)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, byDefault) in _parameters)
        {
            values[name] = given.TryGetValue(name, out var value) ? value
                : byDefault ?? throw new TemplateException("Parameters." + name, "has no default and was not given");
        }
        foreach (var (name, value) in given)
        {
            if (name.StartsWith(PseudoPrefix, StringComparison.Ordinal))
                values.TryAdd(name, value);
            else if (!_parameters.ContainsKey(name))
                throw new TemplateException("", $"parameter {name} is not declared by the template");
        }
        return new Evaluation(this, values).Run();
    }

    private static string? Declaration(JsonNode? declared, string path)
    {
        if (declared is not JsonObject parameter || parameter["Type"] is not JsonValue type || !type.TryGetValue(out string? kind) || kind != "String")
            throw new TemplateException(path, "expected { \"Type\": \"String\" }, with a Default or not");
        return parameter["Default"] switch
        {
            null => null,
            JsonValue value when value.TryGetValue(out string? text) => text,
            _ => throw new TemplateException(path + ".Default", "expected a string"),
        };
    }

    private void CheckResources()
    {
        if (_resources.Count == 0)
            throw new TemplateException("Resources", "at least one resource is needed");
        foreach (var (name, resource) in _resources)
        {
            var path = "Resources." + name;
            if (resource is not JsonObject body)
                throw new TemplateException(path, "expected an object");
            if (TypeOf(body) is not ("AWS::IoT::Thing" or "AWS::IoT::Certificate" or "AWS::IoT::Policy"))
                throw new TemplateException(path + ".Type", "expected AWS::IoT::Thing, AWS::IoT::Certificate or AWS::IoT::Policy");
            if (body["Properties"] is not JsonObject)
                throw new TemplateException(path + ".Properties", "expected an object");
        }
        if (_resources.Count(resource => TypeOf(resource.Value!.AsObject()) == "AWS::IoT::Thing") > 1 || _resources.Count(resource => TypeOf(resource.Value!.AsObject()) == "AWS::IoT::Certificate") > 1)
            throw new TemplateException("Resources", "at most one thing and one certificate");
    }

    private static string? TypeOf(JsonObject resource) => resource["Type"] is JsonValue type && type.TryGetValue(out string? text) ? text : null;

    private static JsonObject Object(JsonNode? node, string path) => node switch
    {
        null => [],
        JsonObject found => found,
        _ => throw new TemplateException(path, "expected an object"),
    };

    /// <summary>One run over one set of parameters.</summary>
    private sealed class Evaluation(ProvisioningTemplateDocument template, Dictionary<string, string> values)
    {
        private const int MaxDepth = 32;
        private const int MaxSteps = 10_000;                         // a chain of references that double each other would go on for hours
        private readonly HashSet<string> _open = [];                 // logical names being resolved: a circle is a fault
        private int _depth;
        private int _steps;

        public ProvisioningPlan Run()
        {
            PlannedThing? thing = null;
            PlannedCertificate? certificate = null;
            var policies = new List<PlannedPolicy>();
            foreach (var (name, resource) in template._resources)
            {
                var (body, path) = (resource!.AsObject(), $"Resources.{name}");
                switch (TypeOf(body))
                {
                    case "AWS::IoT::Thing":
                        thing = Thing(name, body, path);
                        break;
                    case "AWS::IoT::Certificate":
                        certificate = Certificate(name, body, path);
                        break;
                    default:
                        policies.Add(Policy(name, body["Properties"]!.AsObject(), path + ".Properties"));
                        break;
                }
            }
            var configuration = new JsonObject();
            foreach (var (name, value) in template._deviceConfiguration)
                configuration[name] = Text(value, "DeviceConfiguration." + name);
            return new ProvisioningPlan(thing, certificate, policies, configuration);
        }

        private PlannedThing Thing(string name, JsonObject body, string path)
        {
            var properties = body["Properties"]!.AsObject();
            Known(properties, path + ".Properties", "ThingName", "AttributePayload", "ThingTypeName", "ThingGroups", "BillingGroup");
            var attributes = new Dictionary<string, string>(StringComparer.Ordinal);
            foreach (var (attribute, value) in Object(properties["AttributePayload"], path + ".Properties.AttributePayload"))
                attributes[attribute] = Text(value, $"{path}.Properties.AttributePayload.{attribute}");
            return new PlannedThing(
                name, Text(properties["ThingName"], path + ".Properties.ThingName"), Optional(properties, "ThingTypeName", path), attributes,
                properties["ThingGroups"] is { } groups ? List(groups, path + ".Properties.ThingGroups") : [], Optional(properties, "BillingGroup", path),
                Override(body, path, "AttributePayload", "ATTRIBUTE_PAYLOAD"), Override(body, path, "ThingTypeName", "THING_TYPE_NAME"), Override(body, path, "ThingGroups", "THING_GROUPS"));
        }

        private PlannedCertificate Certificate(string name, JsonObject body, string path)
        {
            var properties = body["Properties"]!.AsObject();
            Known(properties, path + ".Properties", "CertificateSigningRequest", "CertificateId", "CertificatePem", "CACertificatePem", "Status");
            var (csr, id, pem) = (Optional(properties, "CertificateSigningRequest", path), Optional(properties, "CertificateId", path), Optional(properties, "CertificatePem", path));
            if (new[] { csr, id, pem }.Count(given => given is not null) != 1)
                throw new TemplateException(path + ".Properties", "expected exactly one of CertificateSigningRequest, CertificateId and CertificatePem");
            var status = Optional(properties, "Status", path);
            var wanted = status is null ? CertificateStatus.Active
                : CertificateStatuses.TryParse(status, out var parsed) && parsed is CertificateStatus.Active or CertificateStatus.Inactive ? parsed
                : throw new TemplateException(path + ".Properties.Status", $"expected ACTIVE or INACTIVE, found {status}");
            return new PlannedCertificate(name, id, pem, Optional(properties, "CACertificatePem", path), csr, wanted);
        }

        private PlannedPolicy Policy(string name, JsonObject properties, string path)
        {
            Known(properties, path, "PolicyName", "PolicyDocument");
            if (properties.ContainsKey("PolicyName") == properties.ContainsKey("PolicyDocument"))
                throw new TemplateException(path, "expected exactly one of PolicyName and PolicyDocument");
            if (properties["PolicyName"] is { } given)
                return new PlannedPolicy(name, Text(given, path + ".PolicyName"), Document: null);
            var document = properties["PolicyDocument"];
            return new PlannedPolicy(name, Name: null, document is JsonObject written && !IsFunction(written) ? written.ToJsonString() : Text(document, path + ".PolicyDocument"));
        }

        private static OverrideSetting Override(JsonObject body, string path, params ReadOnlySpan<string> spellings)
        {
            var settings = Object(body["OverrideSettings"], path + ".OverrideSettings");
            foreach (var spelling in spellings)
            {
                if (settings[spelling] is not { } setting)
                    continue;
                return setting is JsonValue value && value.TryGetValue(out string? text) ? text.ToUpperInvariant() switch
                {
                    "FAIL" => OverrideSetting.Fail,
                    "REPLACE" => OverrideSetting.Replace,
                    "DO_NOTHING" => OverrideSetting.DoNothing,
                    "MERGE" when spelling is not ("ThingTypeName" or "THING_TYPE_NAME") => OverrideSetting.Merge,
                    _ => throw new TemplateException($"{path}.OverrideSettings.{spelling}", $"{text} is not allowed here"),
                } : throw new TemplateException($"{path}.OverrideSettings.{spelling}", "expected a string");
            }
            return OverrideSetting.Fail;
        }

        private string? Optional(JsonObject properties, string name, string path) =>
            properties.ContainsKey(name) ? Text(properties[name], $"{path}.Properties.{name}") : null;

        private static void Known(JsonObject properties, string path, params ReadOnlySpan<string> names)
        {
            foreach (var (name, _) in properties)
            {
                if (!names.Contains(name))
                    throw new TemplateException($"{path}.{name}", $"expected one of {string.Join(", ", names.ToArray())}");
            }
        }

        private string Text(JsonNode? node, string path) =>
            Value(node, path) is [var single] ? single : throw new TemplateException(path, "is a list, expected one value");

        private IReadOnlyList<string> List(JsonNode? node, string path)
        {
            if (node is JsonArray items)
                return [.. items.Select((item, n) => Text(item, $"{path}[{n}]"))];
            return Value(node, path);
        }

        /// <summary>A value is one string, or the list a function gave.</summary>
        private IReadOnlyList<string> Value(JsonNode? node, string path)
        {
            if (++_depth > MaxDepth)
                throw new TemplateException(path, $"nested deeper than {MaxDepth}");
            if (++_steps > MaxSteps)
                throw new TemplateException(path, $"more than {MaxSteps} values are needed to fill the template in");
            try
            {
                return node switch
                {
                    JsonValue value when value.TryGetValue(out string? text) => [text],
                    JsonValue value when value.GetValueKind() is JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => [value.ToJsonString()],
                    JsonObject call when IsFunction(call) => Call(call.First(), path),
                    _ => throw new TemplateException(path, node is null ? "has no value" : "expected a string or a function"),
                };
            }
            finally
            {
                _depth--;
            }
        }

        private static bool IsFunction(JsonObject call) => call.Count == 1 && call.First().Key is var name && (name == "Ref" || name.StartsWith("Fn::", StringComparison.Ordinal));

        private IReadOnlyList<string> Call(KeyValuePair<string, JsonNode?> call, string path)
        {
            path = $"{path}.{call.Key}";
            switch (call.Key)
            {
                case "Ref":
                    return [Reference(Text(call.Value, path), path)];
                case "Fn::Join":
                    var (delimiter, parts) = Pair(call.Value, path);
                    return [string.Join(Text(delimiter, path), List(parts, path))];
                case "Fn::Select":
                    var (position, from) = Pair(call.Value, path);
                    var list = List(from, path);
                    return int.TryParse(Text(position, path), NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < list.Count
                        ? [list[index]] : throw new TemplateException(path, $"no item {Text(position, path)} in a list of {list.Count}");
                case "Fn::Split":
                    var (separator, whole) = Pair(call.Value, path);
                    return Text(separator, path) is { Length: > 0 } by ? Text(whole, path).Split(by) : throw new TemplateException(path, "the delimiter is empty");
                case "Fn::FindInMap":
                    return [FindInMap(List(call.Value, path), path)];
                case "Fn::Sub":
                    return [Substitute(call.Value, path)];
                default:
                    throw new TemplateException(path, "is no function: expected Ref, Fn::Join, Fn::Select, Fn::FindInMap, Fn::Split or Fn::Sub");
            }
        }

        private string Reference(string name, string path)
        {
            if (values.TryGetValue(name, out var value))
                return value;
            if (template._resources[name] is not JsonObject resource)
                throw new TemplateException(path, $"{name} is neither a parameter nor a resource");
            if (!_open.Add(name))
                throw new TemplateException(path, $"{name} refers to itself");
            var (properties, place) = (resource["Properties"]!.AsObject(), $"Resources.{name}.Properties");
            var key = TypeOf(resource) switch
            {
                "AWS::IoT::Thing" => "ThingName",
                "AWS::IoT::Certificate" => "CertificateId",
                _ => "PolicyName",
            };
            var referred = Text(properties[key], $"{place}.{key}");
            _open.Remove(name);
            return referred;
        }

        private string FindInMap(IReadOnlyList<string> keys, string path)
        {
            if (keys is not [var map, var key, var name])
                throw new TemplateException(path, "expected [map, key, name]");
            var found = template._mappings[map] is JsonObject keysOfMap && keysOfMap[key] is JsonObject names ? names[name] : null;
            return found is JsonValue value && value.TryGetValue(out string? text) ? text : throw new TemplateException(path, $"Mappings.{map}.{key}.{name} is not there");
        }

        private string Substitute(JsonNode? argument, string path)
        {
            var (text, variables) = argument is JsonArray ? Pair(argument, path) : (argument, null);
            var given = Object(variables, path);
            var source = Text(text, path);
            var result = new StringBuilder();
            var at = 0;
            while (source.IndexOf("${", at, StringComparison.Ordinal) is var open and >= 0)
            {
                var close = source.IndexOf('}', open);
                if (close < 0)
                    throw new TemplateException(path, "a ${ is not closed");
                var name = source[(open + 2)..close];
                result.Append(source, at, open - at).Append(given.ContainsKey(name) ? Text(given[name], path) : Reference(name, path));
                at = close + 1;
            }
            return result.Append(source, at, source.Length - at).ToString();
        }

        private static (JsonNode? First, JsonNode? Second) Pair(JsonNode? argument, string path) =>
            argument is JsonArray { Count: 2 } pair ? (pair[0], pair[1]) : throw new TemplateException(path, "expected a list of two");
    }
}
