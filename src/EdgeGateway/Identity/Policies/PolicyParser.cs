using System.Text;
using System.Text.Json;

namespace EdgeGateway.Identity.Policies;

/// <summary>Reads a policy document strictly: whatever the language does not name is a fault with its place (AWS guide: IoT policies).</summary>
internal ref struct PolicyParser
{
    private readonly byte[] _utf8;
    private readonly List<string> _path = [];
    private readonly List<string> _warnings = [];
    private Utf8JsonReader _reader;

    private PolicyParser(byte[] utf8)
    {
        _utf8 = utf8;
        _reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = 16 });
    }

    /// <exception cref="MalformedPolicyException"/>
    public static PolicyDocument Parse(string json)
    {
        var parser = new PolicyParser(Encoding.UTF8.GetBytes(json));
        try
        {
            return parser.ReadDocument();
        }
        catch (JsonException fault)
        {
            throw new MalformedPolicyException(
                MalformedPolicyError.InvalidJson, string.Join('.', parser._path), (int)(fault.LineNumber ?? 0) + 1, (int)(fault.BytePositionInLine ?? 0) + 1,
                "not valid JSON: " + fault.Message.Split(" LineNumber:")[0]);
        }
        catch (InvalidOperationException)                            // of the reader's GetString, where the escapes make no text
        {
            throw parser.Fault(MalformedPolicyError.InvalidJson, "this text holds half of a surrogate pair");
        }
    }

    private PolicyDocument ReadDocument()
    {
        Read();
        string? id = null, version = null;
        List<PolicyStatement>? statements = null;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        ExpectObject();
        while (NextElement(seen) is { } name)
        {
            switch (name)
            {
                case "Version":
                    version = ReadString();
                    if (version != "2012-10-17")
                        throw Fault(MalformedPolicyError.BadVersion, $"expected \"2012-10-17\", found \"{version}\"");
                    break;
                case "Id":
                    id = ReadString();
                    break;
                case "Statement":
                    statements = ReadStatements();
                    break;
                default:
                    throw Fault(MalformedPolicyError.UnknownElement, "a policy has Version, Id and Statement");
            }
            _path.RemoveAt(_path.Count - 1);
        }
        if (version is null)
            throw Fault(MalformedPolicyError.MissingElement, "Version is missing: expected \"2012-10-17\"");
        if (statements is null)
            throw Fault(MalformedPolicyError.MissingElement, "Statement is missing");
        if (_reader.Read())
            throw Fault(MalformedPolicyError.InvalidJson, "something follows the document");
        return new PolicyDocument(id, statements, _warnings);
    }

    private List<PolicyStatement> ReadStatements()
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
            return [ReadStatement()];
        var statements = new List<PolicyStatement>();
        while (NextItem(statements.Count))
        {
            statements.Add(ReadStatement());
            LeaveItem();
        }
        return statements.Count > 0 ? statements : throw Fault(MalformedPolicyError.EmptyList, "at least one statement is needed");
    }

    private PolicyStatement ReadStatement()
    {
        string? sid = null;
        PolicyEffect? effect = null;
        List<PolicyPattern>? actions = null, resources = null;
        bool notAction = false, notResource = false;
        IReadOnlyList<PolicyCondition> conditions = [];
        var seen = new HashSet<string>(StringComparer.Ordinal);
        ExpectObject();
        while (NextElement(seen) is { } name)
        {
            switch (name)
            {
                case "Sid":
                    sid = ReadString();
                    break;
                case "Effect":
                    effect = ReadEffect();
                    break;
                case "Action" or "NotAction":
                    RefuseBoth(actions, "Action and NotAction");
                    actions = ReadPatterns(isAction: true);
                    notAction = name == "NotAction";
                    break;
                case "Resource" or "NotResource":
                    RefuseBoth(resources, "Resource and NotResource");
                    resources = ReadPatterns(isAction: false);
                    notResource = name == "NotResource";
                    break;
                case "Condition":
                    conditions = ReadConditions();
                    break;
                case "Principal" or "NotPrincipal":
                    throw Fault(MalformedPolicyError.UnknownElement, "an IoT policy names no principal: it is attached to one");
                default:
                    throw Fault(MalformedPolicyError.UnknownElement, "a statement has Sid, Effect, Action or NotAction, Resource or NotResource, Condition");
            }
            _path.RemoveAt(_path.Count - 1);
        }
        var statement = new PolicyStatement(
            sid,
            effect ?? throw Fault(MalformedPolicyError.MissingElement, "Effect is missing: expected \"Allow\" or \"Deny\""),
            notAction,
            actions ?? throw Fault(MalformedPolicyError.MissingElement, "Action is missing"),
            notResource,
            resources ?? throw Fault(MalformedPolicyError.MissingElement, "Resource is missing"),
            conditions);
        WarnOfLostDeny(statement);
        return statement;
    }

    private readonly void RefuseBoth(List<PolicyPattern>? already, string both)
    {
        if (already is not null)
            throw Fault(MalformedPolicyError.ConflictingElements, $"{both} exclude each other");
    }

    private readonly PolicyEffect ReadEffect() => ReadString() switch
    {
        "Allow" => PolicyEffect.Allow,
        "Deny" => PolicyEffect.Deny,
        var other => throw Fault(MalformedPolicyError.BadEffect, $"expected \"Allow\" or \"Deny\", found \"{other}\""),
    };

    private List<PolicyPattern> ReadPatterns(bool isAction)
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
            return [ReadPattern(isAction)];
        var patterns = new List<PolicyPattern>();
        while (NextItem(patterns.Count))
        {
            patterns.Add(ReadPattern(isAction));
            LeaveItem();
        }
        return patterns.Count > 0 ? patterns : throw Fault(MalformedPolicyError.EmptyList, "at least one value is needed");
    }

    private readonly PolicyPattern ReadPattern(bool isAction)
    {
        var text = ReadString();
        if (isAction)
        {
            if (text != "*" && !PolicySyntax.IsAction(text))
                throw Fault(MalformedPolicyError.BadAction, $"expected SERVICE:NAME such as \"iot:Publish\", or \"*\", found \"{text}\"");
        }
        else if (text != "*" && !PolicySyntax.IsResource(text))
        {
            throw Fault(MalformedPolicyError.BadResource, $"expected \"*\" or an ARN such as \"arn:aws:iot:REGION:ACCOUNT:topic/NAME\", found \"{text}\"");
        }
        return ToPattern(text);
    }

    private readonly PolicyPattern ToPattern(string text) =>
        PolicyPattern.TryParse(text, out var pattern) ? pattern : throw Fault(MalformedPolicyError.BadVariable, $"\"{text}\" holds a ${{ without name or closing brace");

    private List<PolicyCondition> ReadConditions()
    {
        var conditions = new List<PolicyCondition>();
        var operators = new HashSet<string>(StringComparer.Ordinal);
        ExpectObject();
        while (NextElement(operators) is { } operatorName)
        {
            if (!ConditionOperator.TryParse(operatorName, out var conditionOperator))
                throw Fault(MalformedPolicyError.UnknownOperator, $"\"{operatorName}\" is not a condition operator");
            var keys = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
            ExpectObject();
            while (NextElement(keys) is { } key)
            {
                if (key.Length == 0)
                    throw Fault(MalformedPolicyError.MissingElement, "a condition key has a name");
                conditions.Add(new PolicyCondition(conditionOperator, key, ReadConditionValues(conditionOperator)));
                _path.RemoveAt(_path.Count - 1);
            }
            _path.RemoveAt(_path.Count - 1);
        }
        return conditions;
    }

    private List<PolicyPattern> ReadConditionValues(ConditionOperator conditionOperator)
    {
        if (_reader.TokenType != JsonTokenType.StartArray)
            return [ReadConditionValue(conditionOperator)];
        var values = new List<PolicyPattern>();
        while (NextItem(values.Count))
        {
            values.Add(ReadConditionValue(conditionOperator));
            LeaveItem();
        }
        return values;
    }

    private readonly PolicyPattern ReadConditionValue(ConditionOperator conditionOperator)
    {
        var text = _reader.TokenType switch
        {
            JsonTokenType.String => ReadString(),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            JsonTokenType.Number => Encoding.UTF8.GetString(_reader.ValueSpan),
            _ => throw Fault(MalformedPolicyError.WrongType, "expected a string, number or boolean"),
        };
        var pattern = ToPattern(text);
        if (!pattern.Variables.Any() && !ConditionEvaluator.IsValue(conditionOperator.Comparison, text))
            throw Fault(MalformedPolicyError.BadConditionValue, $"\"{text}\" is no value for {conditionOperator.Name}");
        return pattern;
    }

    /// <summary>A Deny over a variable that does not resolve denies nothing, and nobody would notice.</summary>
    private readonly void WarnOfLostDeny(PolicyStatement statement)
    {
        if (statement.Effect != PolicyEffect.Deny || statement.NotResource)
            return;
        foreach (var pattern in statement.Resources)
        {
            foreach (var variable in pattern.Variables)
                _warnings.Add($"{string.Join('.', _path)}: where ${{{variable}}} has no value this Deny on {pattern} denies nothing");
        }
    }

    private void Read()
    {
        if (!_reader.Read())
            throw Fault(MalformedPolicyError.InvalidJson, "the document is empty");
    }

    private readonly void ExpectObject()
    {
        if (_reader.TokenType != JsonTokenType.StartObject)
            throw Fault(MalformedPolicyError.WrongType, "expected an object");
    }

    private readonly string ReadString() =>
        _reader.TokenType == JsonTokenType.String ? _reader.GetString()! : throw Fault(MalformedPolicyError.WrongType, "expected a string");

    /// <returns>The next element's name, with the reader on its value and the name on the path; null at the object's end.</returns>
    private string? NextElement(HashSet<string> seen)
    {
        Read();
        if (_reader.TokenType == JsonTokenType.EndObject)
            return null;
        var name = _reader.GetString()!;
        _path.Add(name);
        if (!seen.Add(name))
            throw Fault(MalformedPolicyError.DuplicateElement, "this element is there twice");
        Read();
        return name;
    }

    private bool NextItem(int index)
    {
        Read();
        if (_reader.TokenType == JsonTokenType.EndArray)
            return false;
        _path[^1] += $"[{index}]";
        return true;
    }

    private readonly void LeaveItem() => _path[^1] = _path[^1][.._path[^1].LastIndexOf('[')];

    private readonly MalformedPolicyException Fault(MalformedPolicyError error, string detail)
    {
        var before = _utf8.AsSpan(0, (int)Math.Min(_reader.TokenStartIndex, _utf8.Length));
        return new MalformedPolicyException(error, string.Join('.', _path), before.Count((byte)'\n') + 1, before.Length - before.LastIndexOf((byte)'\n'), detail);
    }
}
