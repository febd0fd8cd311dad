namespace NginxIngressIntegrator;

/// <summary>The ports of nginx.</summary>
/// <param name="Http">For http.</param>
/// <param name="Https">For https, if there is a certificate.</param>
/// <param name="Proxy">Takes http that begins with the PROXY protocol.</param>
sealed record Listening(int Http, int Https, int Proxy);
