namespace EdgeGateway.Rules.Actions;

/// <summary>A template did not come to a value; caught where actions are run and turned into their failure.</summary>
internal sealed class RuleTemplateException(string parameter, string message) : Exception(message)
{
    public string Parameter => parameter;
}
