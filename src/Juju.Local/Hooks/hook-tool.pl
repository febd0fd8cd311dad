#!/usr/bin/perl
# A hook tool under each of its names: hands its name, arguments and context to the unit agent, and does what that says.
# Perl without modules starts in a millisecond, and is part of every Debian and Ubuntu.
# Request: number of words, then each with its length. Answers: a letter, a length, that many bytes.
# Numbers are 32 bits, network order.
$0 =~ m{([^/]*)$};
my @words = ($1, $ENV{JUJU_CONTEXT_ID} // '', @ARGV);
my $address = $ENV{JUJU_AGENT_SOCKET_ADDRESS} // '';
socket(AGENT, 1, 1, 0) && connect(AGENT, pack('Sa*x', 1, $address))
    or fail("cannot reach the unit agent at \"$address\": $!");
put(pack('N', scalar @words) . pack('(N/a*)*', @words));
while (1) {
    my ($kind, $length) = unpack('aN', get(5));
    my $bytes = $length ? get($length) : '';
    if ($kind eq 'o') { emit(\*STDOUT, $bytes) }
    elsif ($kind eq 'e') { emit(\*STDERR, $bytes) }
    elsif ($kind eq 'r') { answer($bytes) }
    elsif ($kind eq 'w') { save($bytes) }
    else { exit $bytes }
}

sub fail { print STDERR "ERROR @_\n"; exit 1 }

sub emit {
    my ($to, $bytes) = @_;
    for (my $at = 0; $at < length $bytes;) {
        my $done = syswrite $to, $bytes, length($bytes) - $at, $at;
        exit 1 unless defined $done;
        $at += $done;
    }
}

sub put { emit(\*AGENT, $_[0]) }

sub get {
    my ($length) = @_;
    my $bytes = '';
    while (length $bytes < $length) {
        sysread AGENT, $bytes, $length - length $bytes, length $bytes or fail('the unit agent is gone');
    }
    return $bytes;
}

# The agent reads files through the tool, which is where they are: "-" is standard input.
sub answer {
    my ($path) = @_;
    my $from = \*STDIN;
    if ($path ne '-') {
        undef $from;
        open $from, '<', $path or return put(pack('aN/a*', 'n', "open $path: " . lcfirst "$!"));
    }
    my $content = '';
    1 while sysread $from, $content, 65536, length $content;
    put(pack('aN/a*', 'd', $content));
}

sub save {
    my ($path, $content) = unpack 'N/a* a*', $_[0];
    open my $to, '>', $path or return put(pack('aN/a*', 'n', "open $path: " . lcfirst "$!"));
    emit($to, $content);
    close $to;
    put(pack('aN/a*', 'd', ''));
}
